#!/usr/bin/env node
// Stands in for the `code` executable: @vscode/test-electron starts this file to run extension tests in a VS Code server and headless Chromium.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./standIn.ts');
// test-electron stops reading when the process ends: what was written last gets a moment to arrive.
const code = await main(process.argv.slice(2));
setTimeout(() => process.exit(code), 200);
