import { useNavigate, useSearch } from '@tanstack/react-router';
import * as z from 'zod';

const texts = z.record(z.string(), z.string());

/**
 * The view as the address bar holds it: filters survive going back, reloading and sharing. What the schema does not take falls away.
 * @returns the view, and how to change parts of it; a part set to undefined leaves the address
 */
export function useView<S extends z.ZodObject>(
  schema: S,
): readonly [z.output<S>, (patch: Readonly<Record<string, string | undefined>>) => void] {
  const raw = texts.catch({}).parse(useSearch({ strict: false }));
  const navigate = useNavigate();
  const view = schema.parse(pick(raw, schema));
  return [
    view,
    (patch) => {
      const next = Object.fromEntries(
        Object.entries({ ...raw, ...patch }).filter(([, value]) => value !== undefined && value !== ''),
      );
      void navigate({ to: '.', search: next, replace: true });
    },
  ];
}

/** The parts that the schema takes, each by itself: of an address with one wrong filter the others hold. */
function pick(raw: Readonly<Record<string, string>>, schema: z.ZodObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw).filter(([name, value]) => {
      const part = schema.shape[name];
      return part !== undefined && z.safeParse(part, value).success;
    }),
  );
}
