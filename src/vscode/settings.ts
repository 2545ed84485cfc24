import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { defaultDataDir } from '../../service/protocol/dataDir.ts';
import { type SettingName, SETTINGS } from '../contributions.ts';

export function setting<N extends SettingName>(name: N): (typeof SETTINGS)[N] {
  return vscode.workspace.getConfiguration('pipescope').get(name, SETTINGS[name]);
}

/** The folder that the service and this window agree on. */
export function dataDir(): string {
  const chosen = setting('dataDir').trim();
  if (chosen !== '') return chosen.replace(/^~(?=$|[\\/])/, homedir());
  return defaultDataDir({ platform: process.platform, env: process.env, home: homedir() });
}
