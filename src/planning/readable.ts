/** A length of time in its largest units: `40ms`, `1.5s`, `41s`, `1m04s`, `2h10m`, `3d04h`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds > 0 && seconds < 0.9995) return `${Math.round(seconds * 1000)}ms`;
  if (seconds < 9.95) return `${Number(Math.max(0, seconds).toFixed(1))}s`;
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
  return `${Math.floor(whole / 86_400)}d${two(Math.floor((whole % 86_400) / 3600))}h`;
}

/** A share as whole percent: `50 %`. */
export function formatPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Few digits, whatever the size: `0`, `2.5`, `31`, `12k`. */
export function formatRate(perHour: number): string {
  if (perHour >= 10_000) return `${Math.round(perHour / 1000)}k`;
  return String(perHour < 10 ? Number(perHour.toFixed(1)) : Math.round(perHour));
}
