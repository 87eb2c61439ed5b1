package org.openapitools.jackson.nullable;

import com.fasterxml.jackson.databind.module.SimpleModule;

/** The shape of what teaches Jackson about JsonNullable. */
public class JsonNullableModule extends SimpleModule {}
