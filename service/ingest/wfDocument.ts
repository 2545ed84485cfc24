/** The parts of a WfFormat 1.5 document that are used, and their check. */
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { ProductError } from '../protocol/errors.ts';
import { describeValueError } from '../protocol/parse.ts';

const Names = Type.Array(Type.String());
const Amount = Type.Optional(Type.Number({ minimum: 0 }));
const WfDocument = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  createdAt: Type.Optional(Type.String()),
  schemaVersion: Type.Optional(Type.String()),
  runtimeSystem: Type.Optional(Type.Object({ name: Type.String() })),
  workflow: Type.Object({
    specification: Type.Object({
      tasks: Type.Array(
        Type.Object({
          id: Type.String({ minLength: 1, maxLength: 200 }),
          name: Type.String({ minLength: 1, maxLength: 200 }),
          parents: Names,
          inputFiles: Type.Optional(Names),
          outputFiles: Type.Optional(Names),
        }),
        { maxItems: 100_000 },
      ),
      files: Type.Optional(
        Type.Array(Type.Object({ id: Type.String(), sizeInBytes: Type.Number({ minimum: 0 }) })),
      ),
    }),
    execution: Type.Object({
      makespanInSeconds: Amount,
      executedAt: Type.Optional(Type.String()),
      tasks: Type.Array(
        Type.Object({
          id: Type.String(),
          runtimeInSeconds: Type.Number({ minimum: 0 }),
          coreCount: Amount,
          avgCPU: Amount,
          memoryInBytes: Amount,
          readBytes: Amount,
          writtenBytes: Amount,
          machines: Type.Optional(Names),
        }),
      ),
      machines: Type.Optional(
        Type.Array(
          Type.Object({
            nodeName: Type.String({ minLength: 1, maxLength: 256 }),
            cpu: Type.Optional(Type.Object({ coreCount: Amount })),
          }),
        ),
      ),
    }),
  }),
});
export type WfDocument = Static<typeof WfDocument>;
export type Specified = WfDocument['workflow']['specification']['tasks'][number];
export type Executed = WfDocument['workflow']['execution']['tasks'][number];
const check = TypeCompiler.Compile(WfDocument);

/** Throws IMPORT_INVALID naming the field that is wrong. */
export function checked(value: unknown): WfDocument {
  if (check.Check(value)) return value;
  const error = check.Errors(value).First();
  const field = error ? describeValueError(error) : { path: '', message: 'It is not WfFormat.' };
  throw invalid(`The file is not WfFormat 1.5: ${field.message}`, field.path);
}

export function invalid(detail: string, path: string): ProductError {
  return new ProductError('IMPORT_INVALID', { detail, errors: [{ path, message: detail }] });
}
