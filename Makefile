# run: a working email API on this machine. console: its page, by Node.js and npm. desktop: the app, and packages of it.
# test: everything that passes or fails. bench: figures of this machine. fuzz: hostile bytes, FUZZ_SECONDS a target. peers: what the tests talk to, installed when missing.

CARGO ?= cargo
PYTHON ?= python3
VENV := target/venv
FUZZ_SECONDS ?= 600
TAURI_CLI := ui/node_modules/.bin/tauri
TARGETS := mime folder headers report command
DEBIAN := knotd:knot postfix:postfix chromium:chromium node:nodejs npm:npm curl:curl swaks:swaks chattr:e2fsprogs php:php-cli \
	mpop:mpop getmail:getmail6 mbsync:isync offlineimap:offlineimap3 dovecot:dovecot-imapd \
	/usr/lib/dovecot/pop3:dovecot-pop3d neomutt:neomutt script:bsdutils $(PYTHON):python3 \
	Xvfb:xvfb WebKitWebDriver:webkit2gtk-driver dbus-run-session:dbus gnome-keyring-daemon:gnome-keyring \
	rpm:rpm xdotool:xdotool
# What the desktop app is built with: pkg-config's name, and the package.
TAURI := webkit2gtk-4.1:libwebkit2gtk-4.1-dev ayatana-appindicator3-0.1:libayatana-appindicator3-dev \
	librsvg-2.0:librsvg2-dev
# One selection of packages and features everywhere: another one would build hundreds of crates again.
ALL := --workspace --features posthouse-desktop/app
export PATH := $(PATH):/usr/sbin:/sbin:$(HOME)/.cargo/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: run console desktop packages page test bench fuzz peers peers-debian peers-desktop peers-driver peers-python peers-node

run:
	@[ -x target/debug/posthouse ] || \
		echo "First build: Cargo fetches and compiles Posthouse; about four minutes on two cores."
	@$(CARGO) run -p posthouse-server --bin posthouse -- serve

# The page that the server shows at its root; the next build of the server has it in it.
console: desktop/ui/node_modules/installed
	cd desktop/ui && npm run build

# The app for this machine, and a .deb and an .rpm of it.
desktop: peers-desktop console
	$(CARGO) build --release -p posthouse-desktop --features app
	cd desktop && $(TAURI_CLI) bundle --bundles deb,rpm
	@echo; echo "The app:  target/release/posthouse-desktop"; \
		echo "Packages:"; ls target/release/bundle/deb/*.deb target/release/bundle/rpm/*.rpm

# Packages of the app as it was built last, for the tests.
packages:
	cd desktop && $(TAURI_CLI) bundle --debug --bundles deb,rpm

# The programs are built first, because the tests start the binaries themselves.
# The second run is of the tests that need the peers.
test: peers page
	$(CARGO) build $(ALL)
	$(MAKE) packages
	$(CARGO) test $(ALL)
	$(CARGO) test $(ALL) --test it -- --ignored --show-output

# The console's page by itself, and made, so that the server that is tested has it in it.
page: desktop/ui/node_modules/installed
	cd desktop/ui && npm run check && npm test && npm run screens && npm run build

desktop/ui/node_modules/installed: desktop/ui/package-lock.json | peers-debian
	@echo "Installing npm packages into desktop/ui/node_modules: those of $<"
	@cd desktop/ui && npm ci --no-fund --no-audit --loglevel=error
	@touch $@

# In release, both programs; smtp-sink comes with postfix.
bench: peers-debian
	$(CARGO) build --release -p posthouse-server -p posthouse-tests --bins
	target/release/bench

# Coverage guides it; no sanitizer, because there is no unsafe code here and stable Rust has
# none. What it learns stays in tests/fuzz/target; what it finds belongs into tests/fuzz/seeds.
fuzz:
	@command -v cargo-fuzz >/dev/null || { \
		echo "Installing cargo-fuzz (about three minutes on two cores)"; \
		$(CARGO) install cargo-fuzz --locked --quiet; \
	}
	@echo "Building the targets: everything below them anew, to be watched; about ten minutes the first time."
	$(CARGO) fuzz build -s none --fuzz-dir tests/fuzz
	@for target in $(TARGETS); do \
		echo "Fuzzing $$target for $(FUZZ_SECONDS) seconds"; \
		mkdir -p tests/fuzz/target/corpus/$$target; \
		case $$target in command) cases=smtp ;; *) cases=corpus ;; esac; \
		$(CARGO) fuzz run -s none --fuzz-dir tests/fuzz $$target \
			tests/fuzz/target/corpus/$$target tests/fuzz/seeds/$$target tests/cases/$$cases \
			-- -max_total_time=$(FUZZ_SECONDS) -timeout=10 -print_final_stats=1 || exit 1; \
	done

peers: peers-debian peers-desktop peers-driver peers-python peers-node

peers-debian:
	@missing=""; for pair in $(DEBIAN); do \
		command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	perl -MNet::SSLeay -e 1 2>/dev/null || missing="$$missing libnet-ssleay-perl"; \
	php -m 2>/dev/null | grep -qx curl || missing="$$missing php-curl"; \
	if [ -n "$$missing" ]; then \
		echo "Installing Debian packages:$$missing"; \
		$(SUDO) apt-get update -qq && \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi

# The web view of the desktop app, and what goes with it.
peers-desktop:
	@missing=""; command -v pkg-config >/dev/null || missing=" pkg-config"; \
	for pair in $(TAURI); do \
		pkg-config --exists "$${pair%%:*}" 2>/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	command -v rpm >/dev/null || missing="$$missing rpm"; \
	if [ -n "$$missing" ]; then \
		echo "Installing Debian packages:$$missing"; \
		$(SUDO) apt-get update -qq && \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi

peers-driver: | peers-debian
	@command -v tauri-driver >/dev/null || { \
		echo "Installing tauri-driver (a minute on two cores)"; \
		$(CARGO) install tauri-driver --locked --quiet; \
	}

peers-python: $(VENV)/installed

$(VENV)/installed: tests/requirements.txt | peers-debian
	@echo "Installing Python packages into $(VENV): $$(tr '\n' ' ' < $<)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

peers-node: tests/node/node_modules/installed

tests/node/node_modules/installed: tests/node/package-lock.json | peers-debian
	@echo "Installing npm packages into tests/node/node_modules: those of $<"
	@cd tests/node && npm ci --no-fund --no-audit --loglevel=error
	@touch $@
