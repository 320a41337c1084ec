@echo off
rem Runs the program this file is named after on the application's own Electron, as Node.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\bitcoin-gui.exe" "%~dp0..\app.asar.unpacked\build\%~n0.mjs" %*
