package com.fasterxml.jackson.datatype.jsr310;

import com.fasterxml.jackson.databind.module.SimpleModule;

/** The shape of what teaches Jackson about java.time. */
public class JavaTimeModule extends SimpleModule {}
