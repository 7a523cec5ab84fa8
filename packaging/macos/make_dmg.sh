#!/usr/bin/env bash
# make_dmg.sh TREE VERSION OUT.dmg ICON.icns: the application in a disk image.
# With MACOS_CERTIFICATE (base64 of a .p12), MACOS_CERTIFICATE_PASSWORD and MACOS_IDENTITY it is signed, and notarised
# where APPLE_ID, APPLE_TEAM and APPLE_PASSWORD are there, too. Without them it is signed for nobody: macOS warns.
set -euo pipefail
tree=$1 version=$2 out=$3 icon=$4
here=$(cd "$(dirname "$0")" && pwd)
build=$(dirname "$tree")
app=$build/flodesk.app
python=$("$tree/python/bin/python3" -c 'import sys; print("%d.%d" % sys.version_info[:2])')

rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
cp -R "$tree/python" "$tree/bin" "$app/Contents/Resources/"
cp "$icon" "$app/Contents/Resources/flodesk.icns"
"$tree/python/bin/python3" "$here/info_plist.py" "$version" >"$app/Contents/Info.plist"
clang -O2 -arch "$(uname -m)" -mmacosx-version-min=14.0 "-DPYTHON=\"$python\"" \
    -o "$app/Contents/MacOS/flodesk" "$here/launcher.c"

identity=-
options=(--force)
if [ -n "${MACOS_CERTIFICATE:-}" ]; then
    keychain=$RUNNER_TEMP/build.keychain
    password=$(uuidgen)
    security create-keychain -p "$password" "$keychain"
    security set-keychain-settings -lut 3600 "$keychain"
    security unlock-keychain -p "$password" "$keychain"
    base64 --decode <<<"$MACOS_CERTIFICATE" >"$RUNNER_TEMP/certificate.p12"
    security import "$RUNNER_TEMP/certificate.p12" -k "$keychain" -P "$MACOS_CERTIFICATE_PASSWORD" -T /usr/bin/codesign
    rm "$RUNNER_TEMP/certificate.p12"
    security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
    security list-keychains -d user -s "$keychain" login.keychain
    identity=$MACOS_IDENTITY
    options=(--force --timestamp --options runtime --entitlements "$here/entitlements.plist")
fi

# from the inside out: every binary, then the frameworks, the application last
find "$app/Contents/Resources" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \) -print0 |
    while IFS= read -r -d '' file; do
        if file -b "$file" | grep -q Mach-O; then codesign "${options[@]}" --sign "$identity" "$file"; fi
    done
find "$app/Contents/Resources" -type d -name '*.framework' -print0 |
    while IFS= read -r -d '' folder; do codesign "${options[@]}" --sign "$identity" "$folder"; done
codesign "${options[@]}" --sign "$identity" "$app"
codesign --verify --deep --strict "$app"

folder=$build/dmg
rm -rf "$folder"
mkdir -p "$folder"
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
hdiutil create -volname "flodesk $version" -srcfolder "$folder" -fs HFS+ -format ULFO -ov "$out"
if [ "$identity" != - ]; then
    codesign --force --timestamp --sign "$identity" "$out"
    if [ -n "${APPLE_ID:-}" ]; then
        xcrun notarytool submit "$out" --apple-id "$APPLE_ID" --team-id "$APPLE_TEAM" --password "$APPLE_PASSWORD" --wait
        xcrun stapler staple "$out"
        spctl --assess --type open --context context:primary-signature --verbose "$out"
    fi
fi
