import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { mayCall } from '../api/client.ts';
import { useMe } from '../app/me.ts';

/** The way to a household, for whoever may open it: an insurer sees the number and no dead end. @param children what is said of it; without, its number within the village */
export function HouseholdLink({ id, children = id.slice(13) }: { id: string; children?: ReactNode }) {
  if (!mayCall(useMe(), 'readHousehold')) return children;
  return (
    <Link to="/households/$id" params={{ id }}>
      {children}
    </Link>
  );
}
