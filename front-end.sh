#!/bin/sh
# Copies what pages load beside our own files (typeface, htmx, the viewer of /docs), and the judge of their
# accessibility, out of npm packages, which package-lock.json pins by their hashes, into folders that are not committed.
# Where there is no npm, a Python package brings one.
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
cp node_modules/swagger-ui-dist/swagger-ui-bundle.js node_modules/swagger-ui-dist/swagger-ui.css "$parts/"
cp node_modules/swagger-ui-dist/LICENSE "$parts/swagger-ui.LICENSE"
cp node_modules/swagger-ui-dist/NOTICE "$parts/swagger-ui.NOTICE"
if [ -d tests/browser ]; then
  mkdir -p tests/browser/parts
  cp node_modules/axe-core/axe.min.js tests/browser/parts/
fi
rm -rf node_modules
