import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useWords } from '../../words/language.tsx';

/** Says that something was done, and reads the case and what its closure lacks anew. */
export function useRefreshedCase(): () => void {
  const { w } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  return () => {
    void message.success(w.done);
    void client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] === 'readCase' || queryKey[0] === 'checkClosure',
    });
  };
}
