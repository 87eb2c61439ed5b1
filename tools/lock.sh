#!/bin/sh
# Write the locked, hashed requirements without any index address.
set -eu
compile() {
    out=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate "$@" pyproject.toml -o "requirements/$out.txt"
}
compile run
compile oidc --extra oidc
compile s3 --extra s3
compile dev --extra dev
compile bench --extra dev --extra bench
