/** An endpoint of a service: its requests, errors and response times since it was first seen. */
import type { EndpointRecord } from '../../protocol/domain.ts';
import type { EventOf } from '../../protocol/event.ts';
import { type ExactSum, addExactly, exactTotal } from './exactSum.ts';
import { type Quantiles, countValue, newQuantiles, quantilesOf } from './quantiles.ts';
import { meanOf, round, roundOrNull, timeOrNull } from './values.ts';

export interface EndpointState {
  endpoint: string;
  requests: number;
  errors: number;
  client_errors: number;
  duration_ms: ExactSum;
  durations: Quantiles;
  bytes: ExactSum;
  methods: Map<string, number>;
  last_time: number | null;
  seq: number;
}

/** There are 9 methods of HTTP and some of WebDAV; what is beyond counts as "other". */
const MAX_METHODS = 32;

export function newEndpoint(endpoint: string): EndpointState {
  return {
    endpoint,
    requests: 0,
    errors: 0,
    client_errors: 0,
    duration_ms: [],
    durations: newQuantiles(),
    bytes: [],
    methods: new Map(),
    last_time: null,
    seq: 0,
  };
}

export function foldRequest(endpoint: EndpointState, event: EventOf<'request.recorded'>): void {
  const { status_code, duration_ms, bytes, method, time } = event;
  endpoint.requests++;
  if (status_code >= 500) endpoint.errors++;
  else if (status_code >= 400) endpoint.client_errors++;
  addExactly(endpoint.duration_ms, duration_ms);
  countValue(endpoint.durations, duration_ms, 1);
  if (bytes !== undefined) addExactly(endpoint.bytes, bytes);
  if (method !== undefined) countMethod(endpoint.methods, method);
  endpoint.last_time = Math.max(endpoint.last_time ?? time, time);
}

function countMethod(methods: Map<string, number>, method: string): void {
  const name = methods.has(method) || methods.size < MAX_METHODS ? method : 'other';
  methods.set(name, (methods.get(name) ?? 0) + 1);
}

export function endpointRecord(endpoint: EndpointState): EndpointRecord {
  const { requests, errors } = endpoint;
  const [p50 = null, p95 = null, p99 = null] = quantilesOf(endpoint.durations, 0.5, 0.95, 0.99);
  return {
    endpoint: endpoint.endpoint,
    requests_total: requests,
    errors_total: errors,
    client_errors_total: endpoint.client_errors,
    error_rate_percent: round((meanOf(errors, requests) ?? 0) * 100),
    avg_response_time_ms: roundOrNull(meanOf(exactTotal(endpoint.duration_ms), requests)),
    p50_response_time_ms: roundOrNull(p50),
    p95_response_time_ms: roundOrNull(p95),
    p99_response_time_ms: roundOrNull(p99),
    bytes_total: exactTotal(endpoint.bytes),
    methods: Object.fromEntries([...endpoint.methods].sort()),
    last_request_at: timeOrNull(endpoint.last_time),
    seq: endpoint.seq,
  };
}
