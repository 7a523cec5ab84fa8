; The installer for Windows: for one user, without an administrator. build.py gives VERSION, TREE, ICON, OUT, and SIGN
; where there is a certificate. Silent: setup.exe /S; another folder: /D=C:\folder (last, without quotes).
Unicode true
!include MUI2.nsh
!include FileFunc.nsh
!define APP "flodesk"
!define PROGID "flodesk.flow"
!define CLASSES "Software\Classes"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP}"
Name "${APP} ${VERSION}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${APP}"
InstallDirRegKey HKCU "Software\${APP}" "InstallDir"
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestLongPathAware true
!ifdef SIGN
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${APP}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${APP} setup"
VIAddVersionKey "LegalCopyright" "MIT licence"
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\python\pythonw.exe"
!define MUI_FINISHPAGE_RUN_PARAMETERS "-P -s -X utf8 -m flodesk"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; What an installation owns, and nothing else: whoever chose a folder with other things in it keeps them.
!macro REMOVE_OWN
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\bin"
  RMDir /r "$INSTDIR\share"
!macroend

Section "Install"
  !insertmacro REMOVE_OWN ; users' environments and settings lie elsewhere
  SetOutPath "$INSTDIR"
  File /r "${TREE}/*"
  SetOutPath "$INSTDIR\share"
  File "/oname=flodesk.ico" "${ICON}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "Software\${APP}" "InstallDir" "$INSTDIR"
  CreateShortCut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\python\pythonw.exe" "-P -s -X utf8 -m flodesk" "$INSTDIR\share\flodesk.ico"
  ; flows are .py files: listed under "Open with", never made the default of .py
  WriteRegStr HKCU "${CLASSES}\${PROGID}" "" "flodesk flow"
  WriteRegStr HKCU "${CLASSES}\${PROGID}" "FriendlyTypeName" "flodesk flow"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\DefaultIcon" "" "$INSTDIR\share\flodesk.ico"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\Application" "ApplicationName" "${APP}"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\shell\open\command" "" '"$INSTDIR\python\pythonw.exe" -P -s -X utf8 -m flodesk "%1"'
  WriteRegStr HKCU "${CLASSES}\.py\OpenWithProgids" "${PROGID}" ""
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${APP}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\share\flodesk.ico"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The flodesk developers"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  !insertmacro REMOVE_OWN
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${APP}.lnk"
  DeleteRegValue HKCU "${CLASSES}\.py\OpenWithProgids" "${PROGID}"
  DeleteRegKey HKCU "${CLASSES}\${PROGID}"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\${APP}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
