#!/usr/bin/env bash
# Runs one command of reportform, and shows in the job's summary what came out.
# Reads COMMAND, CONFIGURATION, ARGUMENTS and SUMMARY; GITHUB_STEP_SUMMARY and RUNNER_TEMP are the runner's.
set -euo pipefail

arguments=()
if [[ -n $ARGUMENTS ]]; then
  read -r -d '' -a arguments <<<"$ARGUMENTS" || true # ends with the text, which has no end of its own
fi
if [[ $SUMMARY != true ]]; then
  exec reportform "$COMMAND" "${arguments[@]+"${arguments[@]}"}" "$CONFIGURATION"
fi

said=$(mktemp "$RUNNER_TEMP/reportform-XXXXXX")
trap 'rm -f "$said" "$said.md"' EXIT

# A plan says in Markdown what it is, and what a change makes of the reports.
if [[ $COMMAND == plan ]]; then
  arguments+=(--markdown "$said.md")
fi

# Lines for the runner, which mask secrets among other things, are for the runner alone. Indented, nothing in the rest is
# taken for Markdown.
code=0
reportform "$COMMAND" "${arguments[@]+"${arguments[@]}"}" "$CONFIGURATION" | tee "$said" || code=${PIPESTATUS[0]}
if [[ -s $said.md ]]; then
  cat "$said.md" >>"$GITHUB_STEP_SUMMARY"
  exit "$code"
fi
{
  printf '### reportform %s\n\n' "$COMMAND"
  head -c 200000 "$said" | sed -e '/^::/d' -e 's/^/    /'
  printf '\n'
} >>"$GITHUB_STEP_SUMMARY"
exit "$code"
