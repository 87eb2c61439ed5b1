#!/bin/sh
# Judges openapi/openapi.json by linters of others, at the versions of the lock file.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
document=../../openapi/openapi.json
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

fits() { node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }

if ! fits; then
    if [ -z "${CI:-}" ]; then
        echo "SKIPPED: the linters of the contract need Node 20.19 or newer"
        exit 0
    fi
    apt-get update -qq
    apt-get install -y -qq nodejs npm
    fits
fi
test package-lock.json -ot node_modules/.installed || { npm ci --silent; touch node_modules/.installed; }

echo "redocly, recommended-strict"
npx --no-install redocly lint $document --config redocly.yaml --format=stylish
for rules in oas owasp; do
    echo "spectral, $rules"
    npx --no-install spectral lint $document -r $rules.yaml --fail-severity=hint
done

# What was released is only added to. At a release openapi.json is copied to released.json.
if grep -q '^## [0-9]' "$root/CHANGELOG.md"; then
    echo "redocly, what changed since the last release"
    npx --no-install redocly diff "$root/openapi/released.json" $document --config redocly.yaml
else
    echo "redocly diff: CHANGELOG names no release yet"
fi

# A judge that is not ours to ship: used where it lies beside the project.
dutch=${API_DESIGN_RULES:-$root/../shared/rules/dutch-api-design-rules.yaml}
if [ -f "$dutch" ]; then
    echo "spectral, the API Design Rules of the Dutch government"
    sed "s|@RULES@|$dutch|" dutch.yaml > node_modules/.dutch.yaml
    npx --no-install spectral lint $document -r node_modules/.dutch.yaml --fail-severity=hint
else
    echo "SKIPPED: no rule set of the Dutch API Design Rules at hand (API_DESIGN_RULES)"
fi
