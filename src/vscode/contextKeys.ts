import * as vscode from 'vscode';
import { CONTEXT_KEYS, type ContextKey } from '../contributions.ts';

/** Sets context keys, and only when they change. */
export class ContextKeys {
  private readonly values = new Map<ContextKey, string | boolean>();

  set(key: ContextKey, value: string | boolean): void {
    if (this.values.get(key) === value) return;
    this.values.set(key, value);
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS[key], value);
  }
}
