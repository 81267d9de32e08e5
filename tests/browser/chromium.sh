#!/bin/sh
# Pages are tried in the machine's own Chromium. Where there is none, Debian's is installed, if we may.
set -eu
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
echo "Installing Chromium, in which pages are tried ..."
$as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  chromium fonts-noto-core fonts-noto-cjk >/dev/null || {
  echo "Pages are tried in Chromium, which is not here and could not be installed: install Debian's package 'chromium'." >&2
  exit 1
}
