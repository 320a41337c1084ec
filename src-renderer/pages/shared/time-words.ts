import { useIntl } from 'react-intl';

export interface TimeWords {
  /** "14 Mar, 09:41"; with the year when it is not this one. */
  readonly short: (seconds: number) => string;
  /** "14 March 2026 at 09:41:07" */
  readonly full: (seconds: number) => string;
}

/** Dates in the person's locale and time zone. */
export function useTimeWords(): TimeWords {
  const intl = useIntl();
  return {
    short: (seconds) => {
      const date = new Date(seconds * 1000);
      const year = date.getFullYear() !== new Date().getFullYear();
      return intl.formatDate(date, {
        day: 'numeric',
        month: 'short',
        hour12: false,
        ...(year ? { year: 'numeric' } : { hour: '2-digit', minute: '2-digit' }),
      });
    },
    full: (seconds) => intl.formatDate(new Date(seconds * 1000), { dateStyle: 'long', timeStyle: 'medium', hour12: false }),
  };
}
