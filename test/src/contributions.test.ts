import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  COMMANDS,
  commandId,
  type CommandName,
  type CommandSpec,
  CONTAINER,
  CONTEXT_KEYS,
  MACHINE_SETTINGS,
  PANEL,
  SETTINGS,
  VIEWS,
} from '../../src/contributions.ts';
import { root } from '../support/paths.ts';

interface Menu {
  command: string;
  when?: string;
}
interface Manifest {
  activationEvents: string[];
  extensionKind: string[];
  enabledApiProposals?: string[];
  icon: string;
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; icon?: string; enablement?: string }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string }[]>;
    viewsWelcome: { view: string; contents: string; when: string }[];
    menus: Record<string, Menu[]>;
    configuration: {
      properties: Record<string, { default: unknown; scope: string; enum?: string[] }>;
    };
  };
}

const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const nls = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { contributes } = manifest;
const specs = Object.entries(COMMANDS) as [CommandName, CommandSpec][];

describe('package.json and the table of contributions', () => {
  it('have the same commands, with the same titles, icons and enablements', () => {
    const inTable = specs.map(([name, { title, icon, enablement }]) => ({
      command: commandId(name),
      title,
      icon,
      enablement,
    }));
    const inManifest = contributes.commands.map(({ command, title, icon, enablement }) => ({
      command,
      title: localised(title),
      icon,
      enablement,
    }));
    assert.deepEqual(inManifest.sort(byCommand), inTable.sort(byCommand));
  });

  it('list commands in the palette under the same conditions', () => {
    const inTable = specs
      .filter(([, { palette }]) => palette !== undefined)
      .map(([name, { palette }]) => ({ command: commandId(name), when: palette || 'false' }));
    assert.deepEqual(contributes.menus['commandPalette']?.sort(byCommand), inTable.sort(byCommand));
  });

  it('have the same views in the same container', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [CONTAINER],
    );
    const views = contributes.views[CONTAINER]?.map(({ id }) => id);
    assert.deepEqual(views?.sort(), Object.values(VIEWS).sort());
  });

  it('have the same settings with the same defaults', () => {
    const { properties } = contributes.configuration;
    const inManifest = Object.entries(properties).map(([id, { default: value }]) => [id, value]);
    const inTable = Object.entries(SETTINGS).map(([name, value]) => [`pipescope.${name}`, value]);
    assert.deepEqual(inManifest.sort(), inTable.sort());
  });

  it('keep settings of paths and processes out of the hands of a workspace', () => {
    const ids = MACHINE_SETTINGS.map((name) => `pipescope.${name}`);
    const { properties } = contributes.configuration;
    const machine = Object.keys(properties).filter((id) => properties[id]?.scope === 'machine');
    assert.deepEqual(machine.sort(), [...ids].sort());
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    assert.deepEqual(restrictedConfigurations, ids);
  });

  it('name only context keys of the table, and every one of them', () => {
    const clauses = [
      ...Object.values(contributes.menus)
        .flat()
        .map(({ when }) => when),
      ...contributes.viewsWelcome.map(({ when }) => when),
      ...contributes.commands.map(({ enablement }) => enablement),
    ].join(' ');
    const named = new Set(clauses.match(/pipescope\.\w+/g));
    for (const id of [...Object.values(VIEWS), PANEL]) named.delete(id);
    assert.deepEqual([...named].sort(), Object.values(CONTEXT_KEYS).sort());
  });

  it('point menus and welcome texts at commands that exist', () => {
    const ids = new Set(contributes.commands.map(({ command }) => command));
    const linked = Object.values(nls)
      .join(' ')
      .matchAll(/command:([\w.]+)/g);
    const used = [
      ...Object.values(contributes.menus)
        .flat()
        .map(({ command }) => command),
      ...[...linked].map(([, id]) => id),
    ];
    assert.deepEqual(
      used.filter((id) => !ids.has(id ?? '')),
      [],
    );
  });

  it('offer a next step in every welcome text of a state that lasts', () => {
    const passing = /== (?:looking|starting)$/;
    const without = contributes.viewsWelcome.filter(
      ({ when, contents }) => !passing.test(when) && !localised(contents).includes('](command:'),
    );
    assert.deepEqual(without, []);
  });

  it('translate every text, and hold no text that is not used', () => {
    const used = new Set([...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
    assert.deepEqual(Object.keys(nls).sort(), [...used].sort());
  });

  it('wake up with the window and for a restored dashboard, on stable API only', () => {
    const events = ['onStartupFinished', `onWebviewPanel:${PANEL}`];
    assert.deepEqual(manifest.activationEvents, events);
    assert.deepEqual(manifest.extensionKind, ['workspace']);
    assert.equal(manifest.enabledApiProposals, undefined);
  });

  it('ship the icons they name', () => {
    const media = new Set(readdirSync(join(root, 'media')).map((name) => `media/${name}`));
    const icons = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
    ];
    assert.deepEqual(
      icons.filter((icon) => !media.has(icon)),
      [],
    );
    assert.match(read('media/pipescope.svg'), /currentColor/);
  });

  it('have one file for each command', () => {
    const files = readdirSync(join(root, 'src/commands')).map((file) => file.replace(/\.ts$/, ''));
    const missing = Object.keys(COMMANDS).filter((name) => !files.includes(name));
    assert.deepEqual(missing, []);
  });
});

function localised(text: string): string {
  return text.replace(/^%(.+)%$/, (_, key: string) => nls[key] ?? `no text for ${key}`);
}

function byCommand(a: { command: string }, b: { command: string }): number {
  return a.command < b.command ? -1 : 1;
}
