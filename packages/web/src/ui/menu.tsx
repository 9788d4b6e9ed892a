import { Check, type LucideIcon } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import type { PopoverProps } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { LightPopover } from './light-popover.tsx';

export type MenuEntry =
  | {
      kind?: undefined;
      id: string;
      label: string;
      icon?: LucideIcon;
      shortcut?: string;
      checked?: boolean;
      run(): void;
    }
  | { kind: 'separator'; id: string }
  | { kind: 'heading'; id: string; label: string };

type MenuButtonProps = {
  label: string;
  entries: readonly MenuEntry[];
  placement?: PopoverProps['placement'];
  children: ReactNode;
  testId?: string;
};

/** A button (the child) that opens a menu. */
export function MenuButton({ placement = 'bottom', children, ...list }: MenuButtonProps) {
  return (
    <MenuTrigger>
      {children}
      <LightPopover className="popover menu-popover" placement={placement} offset={10}>
        <MenuList {...list} />
      </LightPopover>
    </MenuTrigger>
  );
}

type OpenMenuProps = Omit<MenuButtonProps, 'children'> & { at: RefObject<HTMLElement | null>; onClose(): void };

/** A menu that is open next to something, for where many things share one. */
export function OpenMenu({ at, onClose, placement = 'bottom', ...list }: OpenMenuProps) {
  return (
    <LightPopover
      className="popover menu-popover"
      placement={placement}
      offset={10}
      at={{ element: at, close: onClose }}
    >
      <MenuList {...list} autoFocus="first" onClose={onClose} />
    </LightPopover>
  );
}

type MenuListProps = Pick<MenuButtonProps, 'label' | 'entries' | 'testId'> & {
  autoFocus?: 'first';
  onClose?(): void;
};

function MenuList({ label, entries, testId, ...menu }: MenuListProps) {
  const run = (key: unknown) => {
    const entry = entries.find(({ id }) => id === key);
    if (entry !== undefined && entry.kind === undefined) entry.run();
  };
  return (
    <Menu
      {...menu}
      className="list"
      aria-label={label}
      onAction={run}
      data-testid={testId === undefined ? undefined : `${testId}-menu`}
    >
      {sections(entries).map(({ id, heading, items }, index) => (
        <MenuSection key={id} aria-label={heading ?? label} {...choiceOf(items)}>
          {index > 0 && heading === undefined && <Separator className="list-separator" />}
          {heading !== undefined && <Header className="list-heading">{heading}</Header>}
          {items.map(({ id: item, label: text, icon: Icon, shortcut, checked }) => (
            <MenuItem key={item} id={item} className="list-item" textValue={text} data-testid={`menu-${item}`}>
              {Icon !== undefined && <Icon size={18} aria-hidden="true" />}
              <span className="list-item-text">{text}</span>
              {shortcut !== undefined && <kbd>{shortcut}</kbd>}
              {checked !== undefined && <Check size={16} className="list-item-check" aria-hidden="true" />}
            </MenuItem>
          ))}
        </MenuSection>
      ))}
    </Menu>
  );
}

/** Entries of which one holds are radio buttons for everybody. What happens is still up to `run`. */
function choiceOf(items: readonly Item[]) {
  if (!items.some(({ checked }) => checked !== undefined)) return {};
  const selectedKeys = items.filter(({ checked }) => checked === true).map(({ id }) => id);
  return { selectionMode: 'single', selectedKeys, disallowEmptySelection: true } as const;
}

type Item = Extract<MenuEntry, { kind?: undefined }>;

function sections(entries: readonly MenuEntry[]): { id: string; heading: string | undefined; items: Item[] }[] {
  const found: { id: string; heading: string | undefined; items: Item[] }[] = [
    { id: 'first', heading: undefined, items: [] },
  ];
  for (const entry of entries) {
    if (entry.kind === 'separator') found.push({ id: entry.id, heading: undefined, items: [] });
    else if (entry.kind === 'heading') found.push({ id: entry.id, heading: entry.label, items: [] });
    else found.at(-1)!.items.push(entry);
  }
  return found.filter(({ items }) => items.length > 0);
}
