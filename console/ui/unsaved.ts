import { useBlocker } from '@tanstack/react-router';
import { App } from 'antd';
import { isSigningOut } from '../app/session.ts';
import { useWords } from '../words/language.tsx';

/**
 * Asks whoever goes to another screen, or closes the window, with something filled in and not sent.
 * @param isFilled whether there is anything to lose, asked at that moment; a view that only changes its filters asks nobody
 */
export function useUnsaved(isFilled: () => boolean): void {
  const { w } = useWords();
  const { modal } = App.useApp();
  useBlocker({
    enableBeforeUnload: () => isFilled() && !isSigningOut(),
    shouldBlockFn: async ({ current, next }) =>
      current.pathname !== next.pathname &&
      isFilled() &&
      !(await modal.confirm({ title: w.leaveUnsent, okText: w.leave, cancelText: w.stay })),
  });
}
