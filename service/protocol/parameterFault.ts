/** What is wrong with an offered parameter beyond its schema: nobody could propose a value for it. */
import type { FieldError } from './errors.ts';
import type { PARAMETER_KINDS, ParameterValue } from './optimization.ts';

export interface Offer {
  parameter: string;
  value: ParameterValue;
  kind?: (typeof PARAMETER_KINDS)[number];
  minimum?: number;
  maximum?: number;
  step?: number;
  values?: ParameterValue[];
}

/** Null for one that is complete. */
export function parameterFault(offer: Offer): FieldError | null {
  const { value, values, minimum, maximum } = offer;
  if (values !== undefined) {
    return values.includes(value)
      ? null
      : { path: '/value', message: 'Give a "value" that is among "values".' };
  }
  if (typeof value === 'boolean') return null;
  if (typeof value === 'string')
    return { path: '/values', message: 'Give "values", the texts to choose from.' };
  if (minimum === undefined || maximum === undefined) {
    const path = minimum === undefined ? '/minimum' : '/maximum';
    return { path, message: 'Give "minimum" and "maximum", or "values" to choose from.' };
  }
  if (minimum > maximum)
    return { path: '/maximum', message: 'Give a "maximum" that is not below "minimum".' };
  if (value < minimum || value > maximum)
    return { path: '/value', message: 'Give a "value" from "minimum" to "maximum".' };
  return null;
}
