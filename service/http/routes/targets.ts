import { Type } from '@sinclair/typebox';
import { healthOf } from '../../analysis/currentHealth.ts';
import { HealthScore, TARGET_STATES, TargetRecord } from '../../protocol/targets.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { type Route, route } from '../route.ts';

export function targetRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/targets',
      summary: 'Targets: what each value should be, from where on it is critical, and what it is.',
      query: Type.Object({ ...PageQuery, status: ChoicesOf(TARGET_STATES) }),
      response: PageOf('targets', TargetRecord),
      handle: async ({ query }) => {
        const status = choicesOf(query.status, 'status', TARGET_STATES);
        const { targets } = await currentHealth(monitor, Date.now());
        const wanted = targets.filter((target) => status?.includes(target.status) ?? true);
        const { items, ...page } = pageOf(wanted, query);
        return { targets: items, ...page };
      },
    }),
    route({
      path: '/api/v1/health-score',
      summary: 'The health of the system from 0 to 100, with everything it is made of.',
      response: HealthScore,
      handle: async () => (await currentHealth(monitor, Date.now())).health,
    }),
  ];
}

/** All targets with their values of now, and the score that follows from them. */
export function currentHealth(
  { series, settings, analyst, model: { domain } }: Monitor,
  now: number,
): Promise<{ targets: TargetRecord[]; health: HealthScore }> {
  return healthOf({ series, domain, findings: analyst.findings }, settings.config.targets, now);
}
