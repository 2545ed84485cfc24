import assert from 'node:assert/strict';
import { loadConfig } from '../../../../service/config.ts';
import { ruleKinds } from '../../../../service/alerts/ruleKinds.ts';
import { parseRule } from '../../../../service/alerts/parseRule.ts';
import { parseChannel } from '../../../../service/alerts/channels/index.ts';
import {
  CHANNEL_KINDS,
  CHANNEL_SECRETS,
  CHANNEL_SETTINGS,
} from '../../../../service/protocol/channel.ts';
import { MESSAGE_FIELDS, RULE_KINDS, RULE_PARAMS } from '../../../../service/protocol/rule.ts';
import { MATCHER_FIELDS, MATCHER_OPS } from '../../../../service/protocol/silence.ts';
import {
  channelSections,
  newChannel,
  NEW_KINDS,
  SECRET_WORDS,
} from '../../../../webview/elements/alerts/channels/channelFields.ts';
import { rawsOf, readForm } from '../../../../webview/elements/alerts/form/field.ts';
import {
  PLACEHOLDERS,
  ruleSections,
} from '../../../../webview/elements/alerts/rules/ruleFields.ts';
import { KIND_WORDS, paramWord } from '../../../../webview/elements/alerts/rules/words.ts';
import { FIELDS, OPS } from '../../../../webview/elements/alerts/silences/silenceFields.ts';

const kinds = ruleKinds(loadConfig({ flags: {}, env: {} }));

describe('the forms of rules, channels and silences', () => {
  it('name everything that the protocol has', () => {
    assert.deepEqual(Object.keys(KIND_WORDS).sort(), [...RULE_KINDS].sort());
    assert.deepEqual([...PLACEHOLDERS].sort(), [...MESSAGE_FIELDS].sort());
    assert.deepEqual([...FIELDS], [...MATCHER_FIELDS]);
    assert.deepEqual([...OPS], [...MATCHER_OPS]);
    for (const kind of RULE_KINDS)
      for (const name of Object.keys(RULE_PARAMS[kind].properties))
        assert.notEqual(paramWord(kind, name).label(), name, `${kind}: ${name} has no word`);
  });

  for (const kind of kinds)
    it(`have a field for each parameter of ${kind.kind}, and give its defaults back as they are`, () => {
      const fields = ruleSections({
        ...{ kinds, kind, isNew: true, channels: [], metrics: [], metric: '', pipelines: [] },
      }).flatMap((section) => section.fields);
      const paths = fields.map(({ path }) => path);
      for (const name of Object.keys(RULE_PARAMS[kind.kind].properties))
        assert.ok(paths.includes(`/params/${name}`), name);
      const whole = { ...kind.defaults, rule_id: 'mine', name: 'Mine' };
      const { document } = readForm(fields, rawsOf(fields, whole), whole);
      const bare = (rule: object) => JSON.parse(JSON.stringify(rule)) as Record<string, unknown>;
      const { scope, ...rest } = bare(document);
      const { scope: before, ...wanted } = bare(whole);
      assert.deepEqual(rest, wanted);
      // A scope without labels is one with none.
      assert.deepEqual({ labels: {}, ...(scope as object) }, { labels: {}, ...(before as object) });
    });

  it('begin a rule of every kind with what the service takes, once it has a metric and a pipeline', () => {
    for (const { defaults } of kinds) {
      const params = defaults.params as Record<string, unknown>;
      const rule = {
        ...{ ...defaults, rule_id: 'mine', name: 'Mine' },
        ...('metric' in params && { params: { ...params, metric: 'cpu_percent' } }),
        ...(defaults.kind === 'missed_schedule' && { scope: { pipeline: 'nightly' } }),
      };
      assert.equal(parseRule(rule).kind, defaults.kind);
    }
  });

  for (const kind of CHANNEL_KINDS)
    it(`have a field for each setting and secret of a channel of kind ${kind}`, () => {
      const sections = channelSections({ kind, isNew: true, rules: [] });
      const paths = sections.flatMap(({ fields }) => fields).map(({ path }) => path);
      const settings = Object.keys(CHANNEL_SETTINGS[kind].properties);
      assert.deepEqual(
        paths.filter((path) => path.startsWith('/settings/')).sort(),
        settings.map((name) => `/settings/${name}`).sort(),
      );
      assert.deepEqual(
        Object.entries(SECRET_WORDS[kind]).map(([name, { needed }]) => [name, needed]),
        Object.entries(CHANNEL_SECRETS[kind]).map(([name, need]) => [name, need === 'needed']),
      );
    });

  it('begin a channel of every kind with what the service takes, once it knows where to', () => {
    const where: Record<string, object> = {
      webhook: { url: 'https://example.com/hook' },
      template: { url: 'https://example.com/hook' },
      email: { host: 'mail.example.com', from: 'a@example.com', to: ['b@example.com'] },
    };
    for (const kind of NEW_KINDS) {
      const { settings, ...rest } = newChannel(kind);
      const channel = {
        ...{ ...rest, channel_id: 'mine' },
        settings: { ...(settings as object), ...where[kind] },
      };
      assert.equal(parseChannel(channel).kind, kind);
    }
  });
});
