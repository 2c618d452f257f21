/** Method, path and callers of every route by its name; see infra/console.ts. */
declare module 'virtual:routes' {
  export const table: Readonly<
    Record<
      string,
      {
        method: 'GET' | 'POST' | 'PATCH';
        path: string;
        roles: readonly string[] | 'public';
        level?: 'village' | 'town' | 'district';
      }
    >
  >;
}
