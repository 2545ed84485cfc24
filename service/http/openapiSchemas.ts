/** Schemas as an OpenAPI 3.1 document has them: JSON Schema 2020-12, and the known records by name. */
import { type TSchema, Type } from '@sinclair/typebox';
import { AlertDefaults } from '../protocol/alertDefaults.ts';
import { Bottleneck } from '../protocol/bottleneck.ts';
import * as domain from '../protocol/domain.ts';
import { ErrorDetails, PUBLIC_EVENTS } from '../protocol/event.ts';
import {
  ControlRequest,
  OptimizationRecord,
  OptimizerRecord,
  ParameterRecord,
} from '../protocol/optimization.ts';
import * as metrics from '../protocol/metricsApi.ts';
import { ChannelRecord } from '../protocol/channel.ts';
import { NotificationRecord } from '../protocol/notification.ts';
import * as records from '../protocol/record.ts';
import { RuleKindRecord, RulePreview, RuleRecord } from '../protocol/rule.ts';
import { SeriesAnswer } from '../protocol/series.ts';
import { SilenceRecord } from '../protocol/silence.ts';
import * as stages from '../protocol/stages.ts';
import { DashboardDocument, SystemMetrics } from '../protocol/system.ts';
import { HealthScore, TargetRecord, TargetSetting } from '../protocol/targets.ts';

export type Json = Record<string, unknown>;

export const EventSchema = Type.Union(Object.values(PUBLIC_EVENTS));

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'what exactly went wrong, and the next step' }),
    code: Type.String({ description: 'stable; docs/errors.md lists all' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ description: 'JSON pointer of the wrong field or parameter' }),
          message: Type.String(),
        }),
      ),
    ),
  },
  { description: 'RFC 9457' },
);

const NAMED: Readonly<Record<string, TSchema>> = {
  Problem,
  Event: EventSchema,
  ErrorDetails,
  JobRecord: records.JobRecord,
  PhaseRecord: records.PhaseRecord,
  SubPhaseRecord: records.SubPhaseRecord,
  LogRecord: records.LogRecord,
  ArtifactRecord: records.ArtifactRecord,
  ResourceSample: records.ResourceSample,
  AlertRecord: records.AlertRecord,
  PhaseSnapshot: records.PhaseSnapshot,
  JobSnapshot: records.JobSnapshot,
  JobExport: records.JobExport,
  WorkerRecord: domain.WorkerRecord,
  TaskRecord: domain.TaskRecord,
  QueueRecord: domain.QueueRecord,
  ModelRecord: domain.ModelRecord,
  EndpointRecord: domain.EndpointRecord,
  CacheRecord: domain.CacheRecord,
  ActionRecord: domain.ActionRecord,
  ParameterRecord,
  OptimizationRecord,
  ControlRequest,
  OptimizerRecord,
  PeriodStatistics: domain.PeriodStatistics,
  PhaseExecution: domain.PhaseExecution,
  PhaseTrend: domain.PhaseTrend,
  StageMetrics: stages.StageMetrics,
  ExecutionStatistics: stages.ExecutionStatistics,
  StageSummary: stages.StageSummary,
  SystemMetrics,
  DashboardDocument,
  CurrentMetrics: metrics.CurrentMetrics,
  MetricsSummary: metrics.MetricsSummary,
  HealthReport: metrics.HealthReport,
  SeriesAnswer,
  TargetRecord,
  TargetSetting,
  HealthScore,
  Bottleneck,
  AlertDefaults,
  RuleRecord,
  RuleKindRecord,
  RulePreview,
  ChannelRecord,
  SilenceRecord,
  NotificationRecord,
};

/** The known records by how they look from afar: only those that look alike are compared in full. */
type Names = ReadonlyMap<string, { name: string; text: string }>;

function knownNames(): Names {
  return new Map(
    Object.entries(NAMED).map(([name, schema]) => {
      const text = JSON.stringify(schema);
      return [lookOf(schema), { name, text }];
    }),
  );
}

function lookOf({ properties, anyOf, allOf }: Json): string {
  const members = [anyOf, allOf].map((list) => (Array.isArray(list) ? list.length : 0));
  return `${Object.keys(properties ?? {}).join()} ${members.join()}`;
}

/**
 * The document without the older keywords that TypeBox writes, with a reference in the place of every known record. Its
 * symbols are left out as well: only named fields are taken over.
 */
export function finished(document: Json): Json {
  const names = knownNames();
  // A record's own schema stands for itself: only what it is made of is replaced.
  const schemas = Object.entries(NAMED).map(([name, schema]) => [name, children(schema, names)]);
  const { components, ...rest } = children(document, names);
  const held = { ...(components as Json), schemas: Object.fromEntries(schemas) as Json };
  return { ...rest, components: held };
}

function replaced(value: unknown, names: Names): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => replaced(one, names));
  const known = 'type' in value || 'anyOf' in value || 'allOf' in value;
  const alike = known ? names.get(lookOf(value)) : undefined;
  if (alike === undefined || alike.text !== JSON.stringify(value))
    return children(value as Json, names);
  return { $ref: `#/components/schemas/${alike.name}` };
}

function children(value: Json, names: Names): Json {
  const entries = Object.entries(tuples(value)).map(([key, inner]) => [
    key,
    replaced(inner, names),
  ]);
  return Object.fromEntries(entries) as Json;
}

/** What TypeBox calls the `items` of a tuple is `prefixItems` since JSON Schema 2020-12. */
function tuples(value: Json): Json {
  if (!Array.isArray(value['items'])) return value;
  const { items, additionalItems: _, ...rest } = value;
  return { ...rest, prefixItems: items, items: false };
}
