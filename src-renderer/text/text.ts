import { useMemo } from 'react';
import { useIntl, type IntlShape } from 'react-intl';
import type { en } from './en.js';

export type TextId = keyof typeof en;
export type TextValues = Record<string, string | number | Date | bigint>;
export type Translate = (id: TextId, values?: TextValues) => string;

export function translator(intl: IntlShape): Translate {
  return (id, values) =>
    intl.formatMessage(
      { id },
      values === undefined
        ? undefined
        : Object.fromEntries(Object.entries(values).map(([k, v]) => [k, typeof v === 'bigint' ? v.toString() : v])),
    );
}

/** Texts of the catalogue by id; the compiler knows the ids. */
export function useText(): Translate {
  const intl = useIntl();
  return useMemo(() => translator(intl), [intl]);
}
