/** The sign of Bulkhead: a hull with two walls in it. */
export function Mark({ size = 40 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden className="mark">
      <path d="M4 13h32l-3 11c-1.6 5.6-6.2 9-13 9S8.6 29.6 7 24z" fill="none" stroke="currentColor" strokeWidth="2.6" strokeLinejoin="round" />
      <path d="M15 13.5v18M25 13.5v18" stroke="currentColor" strokeWidth="2.6" />
      <path d="M16.3 20.5h7.400v10.700c-2.300.5-5.100.5-7.400 0z" className="mark-cargo" />
    </svg>
  );
}
