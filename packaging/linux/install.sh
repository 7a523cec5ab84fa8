#!/bin/sh
# Installs flodesk for one user, without root: what the .run file starts, and install.sh of the portable archive.
#   install.sh             into ~/.local (or $PREFIX)
#   install.sh --remove    takes it away again; flows, settings and environments stay
set -e
here=$(dirname "$(readlink -f "$0")")
prefix=${PREFIX:-$HOME/.local}
home=$prefix/opt/flodesk
share=$prefix/share

refresh() {
    if command -v update-mime-database >/dev/null; then update-mime-database "$share/mime" || true; fi
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$share/applications" || true; fi
}

if [ "$1" = --remove ]; then
    rm -rf "$home"
    rm -f "$prefix/bin/flodesk" "$share/applications/flodesk.desktop" "$share/mime/packages/flodesk.xml" \
        "$share/icons/hicolor/scalable/apps/flodesk.svg"
    refresh
    echo "flodesk is removed from $prefix."
    exit
fi

mkdir -p "$prefix/opt" "$prefix/bin" "$share/applications" "$share/mime/packages" "$share/icons/hicolor/scalable/apps"
# the new one is whole before the old one goes
rm -rf "$home.new"
mkdir "$home.new"
cp -a "$here/bin" "$here/python" "$here/share" "$here/install.sh" "$home.new/"
rm -rf "$home"
mv "$home.new" "$home"
ln -sf "$home/bin/flodesk" "$prefix/bin/flodesk"
sed "s|^Exec=flodesk|Exec=\"$prefix/bin/flodesk\"|; /^TryExec/d" "$here/share/flodesk.desktop" \
    >"$share/applications/flodesk.desktop"
cp "$here/share/flodesk-mime.xml" "$share/mime/packages/flodesk.xml"
cp "$here/share/flodesk.svg" "$share/icons/hicolor/scalable/apps/flodesk.svg"
refresh
echo "flodesk is installed: $prefix/bin/flodesk, and in the menu. To remove it: $home/install.sh --remove"
