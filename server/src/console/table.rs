//! Every command: its name, what goes in and out, and who may.

/// Who may run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Anybody, signed in or not.
    Anybody,
    /// Whoever is signed in.
    Reader,
    /// Members and owners.
    Member,
    /// Owners.
    Owner,
}

/// Whether a command changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only looks.
    Reads,
    /// It does, and an audit row is written.
    Changes,
}

/// A command.
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Who may.
    pub who: Who,
    /// Whether it changes something.
    pub effect: Effect,
    /// What goes in and out, as TypeScript.
    #[cfg(test)]
    pub(super) types: fn(&ts_rs::Config) -> super::typescript::Types,
}

macro_rules! commands {
    ($($name:literal $who:ident $effect:ident $noun:ident::$verb:ident($input:ty) -> $output:ty;)*) => {
        const fn commands() -> [Command; [$($name),*].len()] {
            use super::wire::*;
            [$(Command {
                name: $name,
                who: Who::$who,
                effect: Effect::$effect,
                #[cfg(test)]
                types: super::typescript::of::<$input, $output>,
            }),*]
        }
    };
}
commands! {
    "session.show" Anybody Reads session::show(Nothing) -> SessionShown;
    "session.sign_in" Anybody Changes session::sign_in(SignIn) -> SessionShown;
    "session.sign_out" Reader Changes session::sign_out(Nothing) -> SessionShown;
    "session.invitation" Anybody Reads session::invitation(InvitationAsked) -> Invitation;
    "session.welcome" Anybody Changes session::welcome(Welcome) -> SessionShown;
    "session.password" Reader Changes session::password(OwnPassword) -> Done;

    "overview.show" Reader Reads overview::show(OverviewAsked) -> Overview;

    "email.list" Reader Reads email::list(EmailsAsked) -> Page<EmailRow>;
    "email.show" Reader Reads email::show(ByUuid) -> EmailShown;
    "email.why" Reader Reads why::why(WhyAsked) -> Story;
    "email.send" Member Changes email_send::send(EmailSend) -> EmailSent;
    "email.release" Member Changes email::release(ByUuid) -> EmailDecided;
    "email.burn" Member Changes email::burn(ByUuid) -> EmailDecided;
    "email.cancel" Member Changes email::cancel(ByUuid) -> Done;

    "message.list" Reader Reads message::list(MessagesAsked) -> Page<MessageRow>;
    "message.show" Reader Reads message::show(ById) -> MessageShown;
    "message.html" Reader Reads message::html(MessageHtmlAsked) -> MessageHtml;
    "message.mark" Member Changes message::mark(MessageMark) -> MessagesChanged;
    "message.move" Member Changes message::shift(MessageMove) -> MessagesChanged;
    "message.remove" Member Changes message::remove(MessageRemove) -> MessagesChanged;

    "domain.list" Reader Reads domain::list(Nothing) -> Rows<DomainRow>;
    "domain.show" Reader Reads domain::show(ByHost) -> DomainShown;
    "domain.add" Member Changes domain::add(DomainAdd) -> DomainShown;
    "domain.check" Member Changes domain::check(ByHost) -> DomainShown;
    "domain.set" Member Changes domain::set(DomainSet) -> DomainShown;
    "domain.remove" Owner Changes domain::remove(ByHost) -> Done;
    "domain.setup" Reader Reads domain::setup(ByHost) -> ClientSettings;

    "key.list" Reader Reads key::list(Nothing) -> Rows<KeyRow>;
    "key.show" Reader Reads key::show(ById) -> KeyShown;
    "key.shapes" Reader Reads key::shapes(Nothing) -> Rows<KeyShape>;
    "key.make" Member Changes key_make::make(KeyMake) -> KeyMade;
    "key.set" Member Changes key::set(KeySet) -> KeyShown;
    "key.revoke" Member Changes key::revoke(ById) -> Done;

    "mailbox.list" Reader Reads mailbox::list(MailboxesAsked) -> Page<MailboxRow>;
    "mailbox.show" Reader Reads mailbox::show(ByAddress) -> MailboxShown;
    "mailbox.make" Member Changes mailbox::make(MailboxMake) -> MailboxMade;
    "mailbox.make_many" Member Changes mailbox::make_many(MailboxMakeMany) -> MailboxesMade;
    "mailbox.password" Member Changes mailbox::password(MailboxPassword) -> MailboxMade;
    "mailbox.suspend" Member Changes mailbox::suspend(ByAddress) -> Done;
    "mailbox.resume" Member Changes mailbox::resume(ByAddress) -> Done;
    "mailbox.rename" Member Changes mailbox::rename(MailboxRename) -> Done;
    "mailbox.remove" Member Changes mailbox::remove(ByAddress) -> Done;
    "mailbox.restore" Member Changes mailbox::restore(ByAddress) -> Done;
    "mailbox.set" Member Changes mailbox::set(MailboxSet) -> MailboxShown;
    "mailbox.settings" Reader Reads mailbox::settings(ByAddress) -> ClientSettings;

    "address.list" Reader Reads address::list(Nothing) -> Rows<AddressRow>;
    "address.reserve" Member Changes address::reserve(AddressReserve) -> AddressRow;
    "address.release" Member Changes address::release(AddressRelease) -> Done;
    "address.route" Member Changes address::route(AddressRoute) -> AddressRow;

    "webhook.list" Reader Reads webhook::list(Nothing) -> Rows<WebhookRow>;
    "webhook.forms" Reader Reads webhook::forms(Nothing) -> Rows<WebhookForm>;
    "webhook.make" Member Changes webhook::make(WebhookMake) -> WebhookMade;
    "webhook.set" Member Changes webhook::set(WebhookSet) -> WebhookRow;
    "webhook.remove" Member Changes webhook::remove(ById) -> Done;
    "webhook.deliveries" Reader Reads webhook::deliveries(WebhookDeliveriesAsked) -> Page<WebhookDeliveryRow>;
    "webhook.delivery" Reader Reads webhook::delivery(WebhookDeliveryAsked) -> WebhookDeliveryShown;
    "webhook.replay" Member Changes webhook::replay(WebhookDeliveryAsked) -> Done;

    "template.list" Reader Reads template::list(Paged) -> Page<TemplateRow>;
    "template.show" Reader Reads template::show(ByUuid) -> TemplateShown;
    "template.save" Member Changes template::save(TemplateSave) -> TemplateShown;
    "template.publish" Member Changes template::publish(ByUuid) -> TemplateShown;
    "template.remove" Member Changes template::remove(ByUuid) -> Done;
    "template.preview" Reader Reads template::preview(TemplatePreviewAsked) -> TemplatePreview;

    "suppression.list" Reader Reads suppression::list(SuppressionsAsked) -> Page<SuppressionRow>;
    "suppression.add" Member Changes suppression::add(SuppressionAdd) -> SuppressionAdded;
    "suppression.remove" Member Changes suppression::remove(SuppressionRemove) -> Done;
    "suppression.import" Member Changes suppression::import(SuppressionImport) -> SuppressionsImported;

    "relay.list" Reader Reads relay::list(Nothing) -> Rows<RelayRow>;
    "relay.make" Owner Changes relay::make(RelayMake) -> RelayRow;
    "relay.set" Owner Changes relay::set(RelaySet) -> RelayRow;
    "relay.remove" Owner Changes relay::remove(ById) -> Done;
    "relay.order" Owner Changes relay::order(RelayOrder) -> Done;
    "relay.test" Owner Changes relay::test(ById) -> RelayTested;

    "listener.list" Reader Reads listener::list(Nothing) -> Rows<ListenerRow>;
    "listener.set" Owner Changes listener::set(ListenerSet) -> Rows<ListenerRow>;

    "user.list" Owner Reads user::list(Nothing) -> Rows<UserRow>;
    "user.make" Owner Changes user::make(UserMake) -> UserLink;
    "user.set" Owner Changes user::set(UserSet) -> UserRow;
    "user.link" Owner Changes user::link(ById) -> UserLink;
    "user.remove" Owner Changes user::remove(ById) -> Done;

    "audit.list" Owner Reads audit::list(Paged) -> Page<AuditRow>;
    "backup.make" Owner Changes backup::make(Nothing) -> BackupMade;
    "settings.show" Reader Reads settings::show(Nothing) -> SettingsShown;
    "settings.set" Owner Changes settings::set(SettingsSet) -> SettingsShown;
    "search.all" Reader Reads search::all(SearchAsked) -> Found;
}

/// The table. Names are `noun.verb`.
pub static COMMANDS: &[Command] = &commands();
