#!/bin/sh
# Installs what the browser tests check pages, scripts and styles with, at the versions of the lock file.
set -eu
cd "$(dirname "$0")"
test package-lock.json -ot node_modules/.installed || { npm ci --silent; touch node_modules/.installed; }
