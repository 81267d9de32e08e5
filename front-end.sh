#!/bin/sh
# Copies what pages load beside our own files (typeface, htmx) out of npm packages, which package-lock.json pins by their
# hashes, into a folder that is not committed. Where there is no npm, a Python package brings one.
set -eu
cd "$(dirname "$0")"
parts=api/pages/static/parts
command -v npm >/dev/null || uv pip install --quiet --python "$(command -v python3)" --require-hashes -r requirements-npm.lock
npm ci --ignore-scripts --silent
rm -rf "$parts"
mkdir -p "$parts"
for script in latin latin-ext cyrillic; do
  cp "node_modules/@fontsource-variable/sofia-sans/files/sofia-sans-$script-wght-normal.woff2" "$parts/"
done
cp node_modules/@fontsource-variable/sofia-sans/LICENSE "$parts/sofia-sans.LICENSE"
cp node_modules/htmx.org/dist/htmx.min.js "$parts/"
cp node_modules/htmx.org/LICENSE "$parts/htmx.LICENSE"
rm -rf node_modules
