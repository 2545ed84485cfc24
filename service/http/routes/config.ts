import { Type } from '@sinclair/typebox';
import { RUNTIME_SETTINGS, RuntimeConfig, RuntimeInput, withChanges } from '../../config.ts';
import { checkLists } from '../../configLists.ts';
import { settingsChanges } from '../../core/domain/settings.ts';
import { type FieldError, ProductError } from '../../protocol/errors.ts';
import { OWN_ID } from '../../protocol/event.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { Answer, type Route, type RouteRequest, route } from '../route.ts';

const Configuration = Type.Object({
  revision: Type.Integer({ description: 'names this state; send it as If-Match with a change' }),
  settings: RuntimeConfig,
  /** What was changed since the start; everything else is as flags, environment and file say. */
  changes: RuntimeInput,
  /** What needs a new start of the service to be changed. */
  fixed: Type.Record(Type.String(), Type.Unknown()),
});

const ConfigChange = Type.Object({
  revision: Type.Integer(),
  time: Type.String({ format: 'date-time' }),
  by: Type.Union([Type.String(), Type.Null()]),
  changes: Type.Record(Type.String(), Type.Unknown()),
});

const CHANGEABLE: ReadonlySet<string> = new Set(RUNTIME_SETTINGS);
/** How the schema's check says that it does not know a field. */
const UNEXPECTED = 'Unexpected property';

export function configRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/config',
      summary: 'The configuration as it is now, with the revision that names it.',
      response: Configuration,
      handle: () => answer(monitor),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/config',
      summary:
        'Replaces the changes made since the start. Settings left out go back to their value of the start.',
      body: RuntimeInput,
      explain: (fault) => explain(fault, monitor),
      query: Type.Object({
        by: Type.Optional(Type.String({ maxLength: 200, description: 'who makes the change' })),
      }),
      headers: Type.Object({
        'if-match': Type.String({ description: 'the ETag of GET /api/v1/config' }),
      }),
      response: Configuration,
      fails: ['CONFIG_CHANGED', 'CONFIG_REVISION_MISSING', 'CONFIG_INVALID'],
      handle: async (request) => {
        await change(monitor, request);
        return answer(monitor);
      },
    }),
    route({
      path: '/api/v1/config/changes',
      summary: 'Who changed what, the newest first.',
      query: Type.Object(PageQuery),
      response: PageOf('changes', ConfigChange),
      handle: ({ query }) => {
        const { items, ...page } = pageOf(settingsChanges(monitor.model.domain.settings), query);
        return { changes: items, ...page };
      },
    }),
  ];
}

/** What is no setting, and what only a new start can change, are told apart. */
function explain({ path, message }: FieldError, { settings }: Monitor): FieldError {
  const name = path.slice(1).replaceAll('/', '.');
  const [group = ''] = name.split('.');
  if (group in settings.base && !CHANGEABLE.has(group)) {
    const how = 'Set it in the configuration file or by an option, then start the service again.';
    return { path, message: `"${group}" cannot be changed while the service runs. ${how}` };
  }
  if (!message.includes(UNEXPECTED)) return { path, message };
  return {
    path,
    message: `There is no setting "${name.slice(0, 100)}". GET /api/v1/config lists those that can be changed.`,
  };
}

function answer({ settings }: Monitor): Answer {
  const { config, changes, revision } = settings;
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(config).filter(([key]) => CHANGEABLE.has(key) === wanted));
  return new Answer(
    { revision, settings: pick(true), changes, fixed: pick(false) },
    { headers: { etag: `"${revision}"` } },
  );
}

async function change(
  monitor: Monitor,
  { headers, input, query }: RouteRequest<{ by?: string }, RuntimeInput>,
): Promise<void> {
  await changeSettings(monitor, {
    revision: revisionOf(headers['if-match']),
    changes: input,
    by: query.by,
  });
}

/**
 * Puts `changes` in the place of those of this revision. The id of the event says which revision it makes: of two
 * changes for the same one, only the first counts. Throws CONFIG_CHANGED, CONFIG_INVALID.
 */
export async function changeSettings(
  monitor: Monitor,
  { revision, changes, by }: { revision: number; changes: RuntimeInput; by?: string | undefined },
): Promise<void> {
  const { settings } = monitor;
  settings.expect(revision);
  checkLists(withChanges(settings.base, changes));
  const { accepted } = await monitor.append([
    {
      type: 'config.changed',
      id: `${OWN_ID}config:${revision + 1}`,
      time: Date.now(),
      revision: revision + 1,
      changes,
      ...(by !== undefined && { by }),
    },
  ]);
  // Another one was first, even where it is not in effect yet.
  if (accepted === 0) throw new ProductError('CONFIG_CHANGED');
}

function revisionOf(header: string | undefined): number {
  const revision = /^"?(\d{1,9})"?$/.exec(header?.trim() ?? '')?.[1];
  if (revision !== undefined) return Number(revision);
  throw new ProductError('CONFIG_REVISION_MISSING');
}
