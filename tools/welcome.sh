#!/bin/sh
# What a newcomer sees when the register starts.
base="http://${HOST}:${PORT}"
cat <<END

  The register is served at $base (Ctrl-C stops it).

  First page           $base/ (sign in there as any part of the demonstration, by one button)
  Documentation page   $base/docs
  Demonstration keys   $1 (readable by you only: offices and their heads, dispatcher, supervisors, registrar, auditor …)

  Checkpoints outside  ${CHECKPOINTS_FILE-var/checkpoints.jsonl} (what was signed; belongs on another machine)

  Three requests to try:
    curl "$base/api/v1/recommendations?tag=ai-industrial-park&limit=3"
    curl "$base/api/v1/tags/ai-industrial-park/progress"
    . $1; curl -H "Authorization: Bearer \$EDITOR" "$base/api/v1/me"

END
