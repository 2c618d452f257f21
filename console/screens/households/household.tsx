import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { Page } from '../../ui/page.tsx';
import { Answered } from '../../ui/states.tsx';
import { MemberTable } from './members.tsx';

export function HouseholdScreen() {
  const { id } = useParams({ from: '/households/$id' });
  const household = useQuery(read('readHousehold', { params: { id } }));
  return (
    <Page title={id}>
      <Answered to={household}>{(answer) => <MemberTable household={answer} />}</Answered>
    </Page>
  );
}
