#!/bin/sh
# Runs the program this file is named after on the application's own Electron, as Node.
file=$(readlink -f "$0")
name=$(basename "$file")
resources=$(dirname "$(dirname "$file")")
electron="$resources/../bitcoin-gui"
[ -x "$electron" ] || electron="$resources/../MacOS/Bulkhead"
ELECTRON_RUN_AS_NODE=1 exec "$electron" "$resources/app.asar.unpacked/build/$name.mjs" "$@"
