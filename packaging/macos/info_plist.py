"""Print the Info.plist of the application: ``info_plist.py VERSION``."""

from __future__ import annotations

import plistlib
import sys


def info(version: str) -> dict[str, object]:
    """Return what macOS is told of flodesk: flows are Python files, so it opens them and is never their owner."""
    return {
        "CFBundleName": "flodesk",
        "CFBundleDisplayName": "flodesk",
        "CFBundleIdentifier": "org.flodesk.flodesk",
        "CFBundleExecutable": "flodesk",
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleIconFile": "flodesk.icns",
        "LSMinimumSystemVersion": "14.0",
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "NSHighResolutionCapable": True,
        "NSPrincipalClass": "NSApplication",
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSMicrophoneUsageDescription": "Flows that record sound need the microphone.",
        "NSCameraUsageDescription": "Flows that take pictures need the camera.",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "flodesk flow",
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.python-script"],
            }
        ],
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(plistlib.dumps(info(sys.argv[1])))
