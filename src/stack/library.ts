import type { Frame } from './frame.ts';

/** Folders that hold what others wrote: packages, and the languages' own files. */
const FOLDERS =
  /(?:^|[\\/])(?:node_modules|site-packages|dist-packages|third_party|\.venv|venv|vendor|gems|\.bundle|\.pub-cache|\.cargo|\.rustup|\.nuget|\.m2|\.gradle|\.snakemake[\\/]conda)[\\/]/;
const HOMES =
  /(?:^|[\\/])(?:(?:usr|opt|Library|[Pp]ython\d*|miniconda\d?|anaconda\d?|conda|envs|\.pyenv)[\\/].{0,300}lib[\\/]python\d|usr[\\/]lib|usr[\\/]include|lib[\\/]ruby|python\d\d_lib|pkg[\\/]mod|go[\\/]src[\\/](?:runtime|testing|net|reflect|sync|os|io|fmt|internal)|goroot[\\/]src|rustc[\\/][\da-f]{8,64}|library[\\/](?:std|core|alloc)[\\/]src|libexec|dotnet[\\/]sdk)/;
const SCHEMES =
  /^(?:node:|dart:|internal\/|<frozen|<string>|\/_\/src|package:(?:flutter|test|http|async)\/)/;

/** True for code that somebody else wrote and was installed here: a person's own frame is the better place to look. */
export function isLibrary(file: string): boolean {
  return FOLDERS.test(file) || HOMES.test(file) || SCHEMES.test(file);
}

/** True for a frame in a person's own code, as far as its text tells. */
export function isOwn(frame: Frame): boolean {
  return frame.library !== true && !isLibrary(frame.file);
}
