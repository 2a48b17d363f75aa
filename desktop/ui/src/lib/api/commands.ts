// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type {
  AddressRelease,
  AddressReserve,
  AddressRoute,
  AddressRow,
  AuditRow,
  BackupMade,
  ByAddress,
  ByHost,
  ById,
  ByUuid,
  ClientSettings,
  DomainAdd,
  DomainRow,
  DomainSet,
  DomainShown,
  Done,
  EmailDecided,
  EmailRow,
  EmailSend,
  EmailSent,
  EmailShown,
  EmailsAsked,
  Found,
  Invitation,
  InvitationAsked,
  KeyMade,
  KeyMake,
  KeyRow,
  KeySet,
  KeyShape,
  KeyShown,
  ListenerRow,
  ListenerSet,
  MailboxMade,
  MailboxMake,
  MailboxMakeMany,
  MailboxPassword,
  MailboxRename,
  MailboxRow,
  MailboxSet,
  MailboxShown,
  MailboxesAsked,
  MailboxesMade,
  MessageHtml,
  MessageHtmlAsked,
  MessageMark,
  MessageMove,
  MessageRemove,
  MessageRow,
  MessageShown,
  MessagesAsked,
  MessagesChanged,
  Nothing,
  Overview,
  OverviewAsked,
  OwnPassword,
  Page,
  Paged,
  RelayMake,
  RelayOrder,
  RelayRow,
  RelaySet,
  RelayTested,
  Rows,
  SearchAsked,
  SessionShown,
  SettingsSet,
  SettingsShown,
  SignIn,
  Story,
  SuppressionAdd,
  SuppressionAdded,
  SuppressionImport,
  SuppressionRemove,
  SuppressionRow,
  SuppressionsAsked,
  SuppressionsImported,
  TemplatePreview,
  TemplatePreviewAsked,
  TemplateRow,
  TemplateSave,
  TemplateShown,
  UserLink,
  UserMake,
  UserRow,
  UserSet,
  WebhookDeliveriesAsked,
  WebhookDeliveryAsked,
  WebhookDeliveryRow,
  WebhookDeliveryShown,
  WebhookForm,
  WebhookMade,
  WebhookMake,
  WebhookRow,
  WebhookSet,
  Welcome,
  WhyAsked,
} from './types';

/** Every command: what goes in and out. */
export interface Commands {
  'session.show': { input: Nothing; output: SessionShown };
  'session.sign_in': { input: SignIn; output: SessionShown };
  'session.sign_out': { input: Nothing; output: SessionShown };
  'session.invitation': { input: InvitationAsked; output: Invitation };
  'session.welcome': { input: Welcome; output: SessionShown };
  'session.password': { input: OwnPassword; output: Done };
  'overview.show': { input: OverviewAsked; output: Overview };
  'email.list': { input: EmailsAsked; output: Page<EmailRow> };
  'email.show': { input: ByUuid; output: EmailShown };
  'email.why': { input: WhyAsked; output: Story };
  'email.send': { input: EmailSend; output: EmailSent };
  'email.release': { input: ByUuid; output: EmailDecided };
  'email.burn': { input: ByUuid; output: EmailDecided };
  'email.cancel': { input: ByUuid; output: Done };
  'message.list': { input: MessagesAsked; output: Page<MessageRow> };
  'message.show': { input: ById; output: MessageShown };
  'message.open': { input: ById; output: MessageShown };
  'message.html': { input: MessageHtmlAsked; output: MessageHtml };
  'message.mark': { input: MessageMark; output: MessagesChanged };
  'message.move': { input: MessageMove; output: MessagesChanged };
  'message.remove': { input: MessageRemove; output: MessagesChanged };
  'domain.list': { input: Nothing; output: Rows<DomainRow> };
  'domain.show': { input: ByHost; output: DomainShown };
  'domain.add': { input: DomainAdd; output: DomainShown };
  'domain.check': { input: ByHost; output: DomainShown };
  'domain.look': { input: ByHost; output: DomainShown };
  'domain.set': { input: DomainSet; output: DomainShown };
  'domain.remove': { input: ByHost; output: Done };
  'domain.setup': { input: ByHost; output: ClientSettings };
  'key.list': { input: Nothing; output: Rows<KeyRow> };
  'key.show': { input: ById; output: KeyShown };
  'key.shapes': { input: Nothing; output: Rows<KeyShape> };
  'key.make': { input: KeyMake; output: KeyMade };
  'key.set': { input: KeySet; output: KeyShown };
  'key.revoke': { input: ById; output: Done };
  'mailbox.list': { input: MailboxesAsked; output: Page<MailboxRow> };
  'mailbox.show': { input: ByAddress; output: MailboxShown };
  'mailbox.make': { input: MailboxMake; output: MailboxMade };
  'mailbox.make_many': { input: MailboxMakeMany; output: MailboxesMade };
  'mailbox.password': { input: MailboxPassword; output: MailboxMade };
  'mailbox.suspend': { input: ByAddress; output: Done };
  'mailbox.resume': { input: ByAddress; output: Done };
  'mailbox.rename': { input: MailboxRename; output: Done };
  'mailbox.remove': { input: ByAddress; output: Done };
  'mailbox.restore': { input: ByAddress; output: Done };
  'mailbox.set': { input: MailboxSet; output: MailboxShown };
  'mailbox.settings': { input: ByAddress; output: ClientSettings };
  'address.list': { input: Nothing; output: Rows<AddressRow> };
  'address.reserve': { input: AddressReserve; output: AddressRow };
  'address.release': { input: AddressRelease; output: Done };
  'address.route': { input: AddressRoute; output: AddressRow };
  'webhook.list': { input: Nothing; output: Rows<WebhookRow> };
  'webhook.forms': { input: Nothing; output: Rows<WebhookForm> };
  'webhook.make': { input: WebhookMake; output: WebhookMade };
  'webhook.set': { input: WebhookSet; output: WebhookRow };
  'webhook.remove': { input: ById; output: Done };
  'webhook.deliveries': { input: WebhookDeliveriesAsked; output: Page<WebhookDeliveryRow> };
  'webhook.delivery': { input: WebhookDeliveryAsked; output: WebhookDeliveryShown };
  'webhook.replay': { input: WebhookDeliveryAsked; output: Done };
  'template.list': { input: Paged; output: Page<TemplateRow> };
  'template.show': { input: ByUuid; output: TemplateShown };
  'template.save': { input: TemplateSave; output: TemplateShown };
  'template.publish': { input: ByUuid; output: TemplateShown };
  'template.remove': { input: ByUuid; output: Done };
  'template.preview': { input: TemplatePreviewAsked; output: TemplatePreview };
  'suppression.list': { input: SuppressionsAsked; output: Page<SuppressionRow> };
  'suppression.add': { input: SuppressionAdd; output: SuppressionAdded };
  'suppression.remove': { input: SuppressionRemove; output: Done };
  'suppression.import': { input: SuppressionImport; output: SuppressionsImported };
  'relay.list': { input: Nothing; output: Rows<RelayRow> };
  'relay.make': { input: RelayMake; output: RelayRow };
  'relay.set': { input: RelaySet; output: RelayRow };
  'relay.remove': { input: ById; output: Done };
  'relay.order': { input: RelayOrder; output: Done };
  'relay.test': { input: ById; output: RelayTested };
  'listener.list': { input: Nothing; output: Rows<ListenerRow> };
  'listener.set': { input: ListenerSet; output: Rows<ListenerRow> };
  'user.list': { input: Nothing; output: Rows<UserRow> };
  'user.make': { input: UserMake; output: UserLink };
  'user.set': { input: UserSet; output: UserRow };
  'user.link': { input: ById; output: UserLink };
  'user.remove': { input: ById; output: Done };
  'audit.list': { input: Paged; output: Page<AuditRow> };
  'backup.make': { input: Nothing; output: BackupMade };
  'settings.show': { input: Nothing; output: SettingsShown };
  'settings.set': { input: SettingsSet; output: SettingsShown };
  'search.all': { input: SearchAsked; output: Found };
}

export type CommandName = keyof Commands;

/** Who may, and whether it changes something. */
export const COMMANDS: Record<
  CommandName,
  { who: 'anybody' | 'reader' | 'member' | 'owner'; changes: boolean }
> = {
  'session.show': { who: 'anybody', changes: false },
  'session.sign_in': { who: 'anybody', changes: true },
  'session.sign_out': { who: 'reader', changes: true },
  'session.invitation': { who: 'anybody', changes: false },
  'session.welcome': { who: 'anybody', changes: true },
  'session.password': { who: 'reader', changes: true },
  'overview.show': { who: 'reader', changes: false },
  'email.list': { who: 'reader', changes: false },
  'email.show': { who: 'reader', changes: false },
  'email.why': { who: 'reader', changes: false },
  'email.send': { who: 'member', changes: true },
  'email.release': { who: 'member', changes: true },
  'email.burn': { who: 'member', changes: true },
  'email.cancel': { who: 'member', changes: true },
  'message.list': { who: 'reader', changes: false },
  'message.show': { who: 'reader', changes: false },
  'message.open': { who: 'member', changes: true },
  'message.html': { who: 'reader', changes: false },
  'message.mark': { who: 'member', changes: true },
  'message.move': { who: 'member', changes: true },
  'message.remove': { who: 'member', changes: true },
  'domain.list': { who: 'reader', changes: false },
  'domain.show': { who: 'reader', changes: false },
  'domain.add': { who: 'member', changes: true },
  'domain.check': { who: 'member', changes: true },
  'domain.look': { who: 'member', changes: true },
  'domain.set': { who: 'member', changes: true },
  'domain.remove': { who: 'owner', changes: true },
  'domain.setup': { who: 'reader', changes: false },
  'key.list': { who: 'reader', changes: false },
  'key.show': { who: 'reader', changes: false },
  'key.shapes': { who: 'reader', changes: false },
  'key.make': { who: 'member', changes: true },
  'key.set': { who: 'member', changes: true },
  'key.revoke': { who: 'member', changes: true },
  'mailbox.list': { who: 'reader', changes: false },
  'mailbox.show': { who: 'reader', changes: false },
  'mailbox.make': { who: 'member', changes: true },
  'mailbox.make_many': { who: 'member', changes: true },
  'mailbox.password': { who: 'member', changes: true },
  'mailbox.suspend': { who: 'member', changes: true },
  'mailbox.resume': { who: 'member', changes: true },
  'mailbox.rename': { who: 'member', changes: true },
  'mailbox.remove': { who: 'member', changes: true },
  'mailbox.restore': { who: 'member', changes: true },
  'mailbox.set': { who: 'member', changes: true },
  'mailbox.settings': { who: 'reader', changes: false },
  'address.list': { who: 'reader', changes: false },
  'address.reserve': { who: 'member', changes: true },
  'address.release': { who: 'member', changes: true },
  'address.route': { who: 'member', changes: true },
  'webhook.list': { who: 'reader', changes: false },
  'webhook.forms': { who: 'reader', changes: false },
  'webhook.make': { who: 'member', changes: true },
  'webhook.set': { who: 'member', changes: true },
  'webhook.remove': { who: 'member', changes: true },
  'webhook.deliveries': { who: 'reader', changes: false },
  'webhook.delivery': { who: 'reader', changes: false },
  'webhook.replay': { who: 'member', changes: true },
  'template.list': { who: 'reader', changes: false },
  'template.show': { who: 'reader', changes: false },
  'template.save': { who: 'member', changes: true },
  'template.publish': { who: 'member', changes: true },
  'template.remove': { who: 'member', changes: true },
  'template.preview': { who: 'reader', changes: false },
  'suppression.list': { who: 'reader', changes: false },
  'suppression.add': { who: 'member', changes: true },
  'suppression.remove': { who: 'member', changes: true },
  'suppression.import': { who: 'member', changes: true },
  'relay.list': { who: 'reader', changes: false },
  'relay.make': { who: 'owner', changes: true },
  'relay.set': { who: 'owner', changes: true },
  'relay.remove': { who: 'owner', changes: true },
  'relay.order': { who: 'owner', changes: true },
  'relay.test': { who: 'owner', changes: true },
  'listener.list': { who: 'reader', changes: false },
  'listener.set': { who: 'owner', changes: true },
  'user.list': { who: 'owner', changes: false },
  'user.make': { who: 'owner', changes: true },
  'user.set': { who: 'owner', changes: true },
  'user.link': { who: 'owner', changes: true },
  'user.remove': { who: 'owner', changes: true },
  'audit.list': { who: 'owner', changes: false },
  'backup.make': { who: 'owner', changes: true },
  'settings.show': { who: 'reader', changes: false },
  'settings.set': { who: 'owner', changes: true },
  'search.all': { who: 'reader', changes: false },
};
