#!/usr/bin/env bash
# Opens an issue with the end of report.txt, or adds to the open one: report.sh LABEL TITLE
set -euo pipefail
label=$1 title=$2
{
  echo "Run: $GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
  echo
  echo '````'
  tail --bytes 50000 report.txt
  echo
  echo '````'
} > body.md
if [ "$(gh repo view --json hasIssuesEnabled --jq .hasIssuesEnabled)" != true ]; then
  cat body.md >> "$GITHUB_STEP_SUMMARY"
  echo "::error::$title. Issues are off in this repository, so the report is in the summary of this run."
  exit 1
fi
gh label create "$label" --force > /dev/null
number=$(gh issue list --label "$label" --state open --limit 1 --json number --jq '.[0].number // empty')
if [ -n "$number" ]; then
  gh issue comment "$number" --body-file body.md
else
  gh issue create --title "$title" --label "$label" --body-file body.md
fi
