import * as vscode from 'vscode';
import { factTable } from '../markdown.ts';

export interface Row {
  id: string;
  label: string;
  description: string;
  icon: vscode.ThemeIcon;
  collapsible: vscode.TreeItemCollapsibleState;
  /** Words that the `viewItem` clauses of menus look for. */
  context: string;
  /** What the hover says; absent where it is made later. */
  facts?: [string, string][];
}

/** A row as VS Code wants it: read aloud as label and description, with the facts in the hover. */
export function treeItem(row: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, row.collapsible);
  item.id = row.id;
  item.description = row.description;
  item.iconPath = row.icon;
  item.contextValue = row.context;
  if (row.facts) item.tooltip = hover(row.label, row.facts);
  item.accessibilityInformation = {
    label: [row.label, row.description].filter(Boolean).join(', '),
  };
  return item;
}

/** Trusted for nothing: no commands, no HTML. */
export function hover(title: string, facts: [string, string][]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(factTable(title, facts), false);
  text.isTrusted = false;
  text.supportHtml = false;
  return text;
}
