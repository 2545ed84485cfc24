import { csharp } from './csharp.ts';
import { dart } from './dart.ts';
import type { StackLanguage } from './frame.ts';
import { gcc } from './gcc.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { nextflow } from './nextflow.ts';
import { node } from './node.ts';
import { php } from './php.ts';
import { pytest } from './pytest.ts';
import { python } from './python.ts';
import { r } from './r.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { shell } from './shell.ts';
import { snakemake } from './snakemake.ts';
import { sql } from './sql.ts';
import { typescript } from './typescript.ts';

/** All languages. Where two read the same line, the first here is asked: the stricter one. */
export const LANGUAGES: readonly StackLanguage[] = [
  python,
  pytest,
  java,
  csharp,
  php,
  dart,
  rust,
  go,
  ruby,
  node,
  typescript,
  snakemake,
  nextflow,
  sql,
  r,
  gcc,
  shell,
];
