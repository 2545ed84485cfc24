import * as vscode from 'vscode';
import type { Node } from './node.ts';

/** A sentence where rows would be, with an optional next step on click. */
export class MessageNode implements Node {
  constructor(
    readonly id: string,
    readonly parent: Node | undefined,
    private readonly text: string,
    private readonly command?: vscode.Command,
  ) {}

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.text);
    item.id = this.id;
    item.contextValue = 'message';
    if (this.command) item.command = this.command;
    return item;
  }

  children(): Node[] {
    return [];
  }
}
