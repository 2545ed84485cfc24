import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { type CommandName, commandId, VIEWS } from '../contributions.ts';
import type { Target } from '../target.ts';
import type { Node } from '../views/node.ts';

interface MenuEntry {
  command: string;
  when: string;
}

/** About something that several rows share: it knows without a row what it is about, or asks better. */
const OF_NO_ROW: ReadonlySet<CommandName> = new Set<CommandName>(['unmuteAlertRule']);

/**
 * The row that a command is about, of what the editor calls it with: nothing from the palette, the row and those selected
 * from a menu. A menu gives `undefined` for a row that was drawn anew just then: it is one of those that are lost at this
 * moment and have the command in their menu. Where they are several, the person says which one; null when they say none.
 */
export async function rowOf(
  app: App,
  name: CommandName,
  args: readonly unknown[],
): Promise<Target | undefined | null> {
  const row = (args[0] ?? undefined) as Target | undefined;
  const isFromMenu = args.length > 1 && [args[1]].flat().every((one) => one === undefined);
  if (row !== undefined || !isFromMenu) return row;
  const rows = lostRows(app, name);
  if (rows.length > 1 && OF_NO_ROW.has(name)) return undefined;
  return rows.length > 1 ? pick(rows) : rows[0];
}

function lostRows(app: App, name: CommandName): Node[] {
  const trees = [
    [VIEWS.jobs, app.jobsView.tree],
    [VIEWS.workers, app.workersView.tree],
    [VIEWS.alerts, app.alertsView.tree],
  ] as const;
  return trees.flatMap(([view, tree]) => {
    const kinds = kindsOf(app, view, commandId(name));
    return kinds.length === 0
      ? []
      : tree.lost().filter((node) => kinds.some((kind) => kind.test(contextOf(node))));
  });
}

/** Which rows of a view have a command in their menu, as package.json says it: `view == X && viewItem =~ /regex/`. */
function kindsOf(app: App, view: string, command: string): RegExp[] {
  const { contributes } = app.context.extension.packageJSON as {
    contributes: { menus: { 'view/item/context': MenuEntry[] } };
  };
  return contributes.menus['view/item/context']
    .filter((entry) => entry.command === command && entry.when.startsWith(`view == ${view} `))
    .map(({ when }) => {
      const [, regex, word] = /viewItem (?:=~ \/(.+)\/|== (\S+))$/.exec(when) ?? [];
      return new RegExp(regex ?? `^${word ?? ''}$`);
    });
}

function contextOf(node: Node): string {
  return node.item().contextValue ?? '';
}

async function pick(rows: readonly Node[]): Promise<Target | null> {
  const items = rows.map((node) => {
    const { label = '', description } = node.item();
    const text = typeof label === 'string' ? label : label.label;
    return { label: text, description: String(description ?? ''), node };
  });
  const title = t('The list changed just then. Which row is meant?');
  return (await vscode.window.showQuickPick(items, { title }))?.node ?? null;
}
