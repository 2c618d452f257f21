import { useSyncExternalStore } from 'react';
import { currentSession, type Me, subscribe } from './session.ts';

export function useSession() {
  return useSyncExternalStore(subscribe, currentSession);
}

/** Who is signed in. Below the shell there always is somebody. */
export function useMe(): Me {
  const session = useSession();
  if (session.state === 'out') throw new Error('Nobody is signed in.');
  return session.me;
}
