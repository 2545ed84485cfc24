/** The small schemas that records are made of. */
import { type TSchema, Type } from '@sinclair/typebox';

export const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const OneOf = <const T extends readonly string[]>(values: T) =>
  Type.Union(values.map((value) => Type.Literal(value as T[number])));
export const Time = Type.String({ format: 'date-time' });
export const Values = Type.Record(Type.String(), Type.Unknown());
export const Labels = Type.Record(Type.String(), Type.String());
