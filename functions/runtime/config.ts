/** Environment variables of the functions. Read on use, so that a function needs only those it uses. */
function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Environment variable ${name} is not set.`);
  return value;
}

export const config = {
  /** The one district this deployment serves (six digits). */
  district: () => setting('DISTRICT'),
  /** The region it runs in, as Lambda tells every function. */
  region: () => setting('AWS_REGION'),
  /** What the distribution adds to every request, so that the API takes no other; two while it is being changed, none where nothing is asked. */
  originSecrets: () => (process.env['ORIGIN_SECRET'] ?? '').split(',').filter((secret) => secret !== ''),
};
