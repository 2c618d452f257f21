import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { read } from '../../api/client.ts';
import { Answered } from '../../ui/states.tsx';
import { useWords } from '../../words/language.tsx';

/** A paper beside the form: a photograph as it is, a PDF in a window of its own. Its address is good for a minute. */
export function Paper({ claim, document }: { claim: string; document: string }) {
  const { w } = useWords();
  const address = useQuery({ ...read('readDocument', { params: { id: claim, document } }), staleTime: 0, gcTime: 0 });
  return (
    <Answered to={address}>
      {({ type, url }) =>
        type === 'application/pdf' ? (
          <Button size="small" href={url} target="_blank" rel="noreferrer">
            {w.openPaper}
          </Button>
        ) : (
          <img className="paper" src={url} alt={w.papers} />
        )
      }
    </Answered>
  );
}
