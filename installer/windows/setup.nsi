; The setup for one person: no administrator, French, English and German.
Unicode true
Target amd64-unicode
!ifdef FAST
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif
!include "MUI2.nsh"
!include "FileFunc.nsh"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\omm-desktop"

Name "OMM Desktop"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\omm-desktop"
ManifestDPIAware true
BrandingText "OMM Desktop ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "OMM Desktop"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "OMM Desktop setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\omm-desktop.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "German"

LangString RUNNING ${LANG_ENGLISH} "OMM Desktop is open. Please close it (also behind its icon near the clock), then try again. A copy that is stopped goes on later."
LangString RUNNING ${LANG_FRENCH} "OMM Desktop est ouvert. Fermez-le (aussi derrière son icône près de l’horloge), puis réessayez. Une copie arrêtée reprend plus tard."
LangString RUNNING ${LANG_GERMAN} "OMM Desktop ist geöffnet. Schließen Sie es (auch hinter seinem Symbol neben der Uhr) und versuchen Sie es noch einmal. Eine gestoppte Kopie lässt sich später fortsetzen."
LangString KEEP ${LANG_ENGLISH} "Keep the history of your copies? With it, a later copy brings only what is missing."
LangString KEEP ${LANG_FRENCH} "Conserver l’historique de vos copies ? Grâce à lui, une prochaine copie n’apporte que ce qui manque."
LangString KEEP ${LANG_GERMAN} "Die Aufzeichnung Ihrer Kopien behalten? Dank ihr bringt eine spätere Kopie nur, was fehlt."
LangString FORGET ${LANG_ENGLISH} "Remove the passwords of your mailboxes that OMM Desktop has stored in Windows?"
LangString FORGET ${LANG_FRENCH} "Retirer de Windows les mots de passe de vos boîtes que OMM Desktop y a gardés ?"
LangString FORGET ${LANG_GERMAN} "Die Passwörter Ihrer Postfächer, die OMM Desktop in Windows gespeichert hat, dort entfernen?"
LangString NOT_FORGOTTEN ${LANG_ENGLISH} "Some passwords could not be removed. They are in the Windows Credential Manager, under omm-desktop."
LangString NOT_FORGOTTEN ${LANG_FRENCH} "Des mots de passe n’ont pas pu être retirés. Ils sont dans le Gestionnaire d’identification de Windows, sous omm-desktop."
LangString NOT_FORGOTTEN ${LANG_GERMAN} "Einige Passwörter ließen sich nicht entfernen. Sie stehen in der Windows-Anmeldeinformationsverwaltung unter omm-desktop."

; Windows lets nobody write to a program that runs.
!macro RefuseWhileRunning
  retry:
  IfFileExists "$INSTDIR\omm-desktop.exe" 0 closed
  ClearErrors
  FileOpen $0 "$INSTDIR\omm-desktop.exe" a
  IfErrors 0 free
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY retry
  SetErrorLevel 5
  Quit
  free:
  FileClose $0
  closed:
!macroend

!macro RemoveProgram
  RMDir /r "$INSTDIR\lib"
  RMDir /r "$INSTDIR\licences"
  RMDir /r "$INSTDIR\runtime"
  Delete "$INSTDIR\omm-desktop.com"
  Delete "$INSTDIR\omm-desktop.exe"
!macroend

Function .onInit
  !insertmacro RefuseWhileRunning
FunctionEnd

Function un.onInit
  !insertmacro RefuseWhileRunning
FunctionEnd

Section
  !insertmacro RemoveProgram
  !include "${FILES}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\OMM Desktop.lnk" "$INSTDIR\omm-desktop.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "OMM Desktop"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "OMM Desktop contributors"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\omm-desktop.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

; Without a person (/S) everything of theirs is kept; /FORGET then removes it.
Section "Uninstall"
  StrCpy $3 "keep"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/FORGET" $1
  IfErrors ask
  StrCpy $3 "remove"
  Goto passwords
  ask:
  MessageBox MB_YESNO|MB_ICONQUESTION "$(FORGET)" /SD IDNO IDNO history
  passwords:
  ExecWait '"$INSTDIR\omm-desktop.exe" --forget-passwords' $0
  IntCmp $0 0 history
  MessageBox MB_OK|MB_ICONEXCLAMATION "$(NOT_FORGOTTEN)" /SD IDOK
  history:
  StrCmp $3 "remove" forget
  MessageBox MB_YESNO|MB_ICONQUESTION "$(KEEP)" /SD IDYES IDYES program
  forget:
  RMDir /r "$LOCALAPPDATA\omm-desktop"
  program:
  !insertmacro RemoveProgram
  Delete "$SMPROGRAMS\OMM Desktop.lnk"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "OMM Desktop"
SectionEnd
