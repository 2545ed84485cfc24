import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleKinds } from '../../../service/alerts/ruleBook.ts';
import { loadConfig } from '../../../service/config.ts';
import {
  CHANNEL_KINDS,
  CHANNEL_SECRETS,
  CHANNEL_SETTINGS,
} from '../../../service/protocol/channel.ts';
import { ROUTE_OUTCOMES, ROUTE_REASONS } from '../../../service/protocol/notification.ts';
import { RULE_KINDS } from '../../../service/protocol/rule.ts';
import { root } from '../../support/paths.ts';

const page = readFileSync(join(root, 'docs', 'alerts.md'), 'utf8');

/** The cells of the table with that head. */
function table(head: string): string[][] {
  const [, after = ''] = page.split(new RegExp(`^\\| ${head} +\\|.*\\n\\|[ -|]+\\n`, 'm'));
  const rows = after.split('\n\n', 1)[0]?.split('\n') ?? [];
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codes = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ') || '–';

describe('docs/alerts.md', () => {
  it('has every kind of rule with the parameters that it begins with, and no other', () => {
    const rows = table('kind +\\| looks at').map(([kind, , params]) => [kind, params]);
    const config = loadConfig({ flags: { data_dir: root }, env: {} });
    const kinds = ruleKinds(config).map(({ kind, defaults }) => {
      const params = Object.entries(defaults['params'] as object);
      const texts = params.map(([name, value]) => `\`${name}\`: \`${JSON.stringify(value)}\``);
      return [`\`${kind}\``, texts.join(', ') || '–'];
    });
    assert.deepEqual(rows, kinds);
    assert.equal(rows.length, RULE_KINDS.length);
  });

  it('has every kind of channel with its settings and secrets, and no other', () => {
    assert.deepEqual(
      table('kind +\\| tells').map(([kind, , settings, secrets]) => [kind, settings, secrets]),
      CHANNEL_KINDS.map((kind) => [
        `\`${kind}\``,
        codes(Object.keys(CHANNEL_SETTINGS[kind].properties)),
        codes(Object.keys(CHANNEL_SECRETS[kind])),
      ]),
    );
  });

  it('has every reason for which an alert is not told by itself', () => {
    const reasons = table('reason').map(([reason = '']) => reason.replaceAll('`', ''));
    assert.deepEqual(reasons, [...ROUTE_REASONS.digest, ...ROUTE_REASONS.filtered]);
  });

  it('has everything that can become of an alert on its way', () => {
    const outcomes = table('outcome').map(([outcome = '']) => outcome.replaceAll('`', ''));
    assert.deepEqual(outcomes.sort(), [...ROUTE_OUTCOMES].sort());
  });

  it('shows how to verify a webhook, in code that does', async () => {
    const code = /```js\n(.*?)```/s.exec(page)?.[1] ?? '';
    const url = `data:text/javascript,${encodeURIComponent(code)}`;
    const { isFromPipescope } = (await import(url)) as {
      isFromPipescope: (request: object) => boolean;
    };
    const bytes = Buffer.alloc(24, 7);
    const key = `whsec_${bytes.toString('base64')}`;
    const now = Date.now();
    const at = String(Math.floor(now / 1000));
    const body = '{"type":"alert.test"}';
    const sign = (secret: Buffer) =>
      `v1,${createHmac('sha256', secret).update(`id.${at}.${body}`).digest('base64')}`;
    const headers = (signature: string) => ({
      ...{ 'webhook-id': 'id', 'webhook-timestamp': at, 'webhook-signature': signature },
    });
    const good = sign(bytes);
    assert.ok(isFromPipescope({ headers: headers(good), body, key, now }));
    const two = `${sign(Buffer.alloc(24, 8))} ${good}`;
    assert.ok(isFromPipescope({ headers: headers(two), body, key, now }));
    assert.ok(!isFromPipescope({ headers: headers(good), body: `${body} `, key, now }));
    assert.ok(!isFromPipescope({ headers: headers(good), body, key, now: now + 400_000 }));
    assert.ok(!isFromPipescope({ headers: headers('v1,'), body, key, now }));
    assert.ok(!isFromPipescope({ headers: {}, body, key, now }));
  });
});
