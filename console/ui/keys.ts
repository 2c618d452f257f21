import { useEffect, useRef } from 'react';

/**
 * Keys of a screen. Plain keys rest while somebody types or a dialog stands; `mod+Enter` works there too.
 */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      // While an input method composes, its keys are its own: Escape drops what it offers, not the form.
      if (event.isComposing) return;
      const { target } = event;
      const typing =
        target instanceof HTMLElement &&
        target.closest('input,textarea,select,[contenteditable],.ant-select,.ant-modal,.ant-drawer') !== null;
      const name = event.ctrlKey || event.metaKey ? `mod+${event.key}` : event.key;
      if (event.altKey || (typing && !name.startsWith('mod+') && name !== 'Escape')) return;
      const act = latest.current[name];
      if (act === undefined) return;
      // A focused button is pressed by Enter and Space as everywhere.
      if ((name === 'Enter' || name === ' ') && target instanceof HTMLElement && target.closest('button,a') !== null)
        return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    // Before the fields themselves: an open list of choices would take Enter for its own.
    window.addEventListener('keydown', pressed, true);
    return () => window.removeEventListener('keydown', pressed, true);
  }, []);
}
