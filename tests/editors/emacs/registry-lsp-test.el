;;; registry-lsp-test.el --- Tests of registry-lsp.el  -*- lexical-binding: t; -*-

;;; Commentary:

;; Run by test_emacs.py, which says by the environment where the project and the
;; server are.

;;; Code:

(require 'cl-lib)
(require 'ert)
(require 'json)
(require 'registry-lsp)

(defvar eglot--managed-mode)
(defvar eglot-confirm-server-initiated-edits)
(defvar eglot-sync-connect)
(defvar eglot-workspace-configuration)
(defvar lsp-auto-guess-root)
(defvar lsp-enable-snippet)
(defvar lsp-headerline-breadcrumb-enable)
(defvar lsp-modeline-code-actions-enable)
(defvar lsp-modeline-diagnostics-enable)
(defvar lsp-modeline-workspace-status-enable)
(defvar lsp-server-install-dir)
(defvar lsp-session-file)

(defconst test--package "{
  \"dependencies\": {
    \"react\": \"17.0.1\",
    \"@scope/tool\": \"1.0.0\"
  }
}
")

(defvar test--folder (getenv "TEST_PROJECT"))

(defun test--wait (what holds)
  "Wait until HOLDS returns something, and return that; WHAT says what it is."
  (let ((end (+ (float-time) 30)) found)
    (while (not (setq found (funcall holds)))
      (when (> (float-time) end)
        (error "Waited in vain for %s" what))
      (accept-process-output nil 0.05))
    found))

(defun test--write (name text)
  "Write TEXT to the file NAME of the project, and return its path."
  (let ((path (expand-file-name name test--folder)))
    (make-directory (file-name-directory path) t)
    (with-temp-file path (insert text))
    path))

(defun test--open (name text)
  "Open the file NAME of the project that has TEXT in it."
  (switch-to-buffer (find-file-noselect (test--write name text)))
  (run-hooks 'post-command-hook))

(defun test--settings ()
  "What the server is set to: the loopback registries."
  (json-parse-string (getenv "TEST_SETTINGS") :object-type 'plist :false-object :json-false))

(defun test--use-server ()
  "Have the server of this checkout, in the loopback world."
  (setq registry-lsp-command (append (json-parse-string (getenv "TEST_SERVER")) nil)
        registry-lsp-settings (test--settings))
  (registry-lsp-global-mode))

(defun test--put (text)
  "Put point before TEXT."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

;;; Without a server

(ert-deftest unit-manifests-are-known-by-their-names ()
  (dolist (path '("/a/package.json" "/a/requirements.txt" "/a/requirements/dev.txt" "/a/base.in"
                  "/a/pyproject.toml" "/a/Pipfile" "/a/.yarnrc.yml"))
    (should (registry-lsp-manifest-p path)))
  (dolist (path '("/a/my-package.json" "/a/package.json.bak" "/a/notes.txt" "/a/other.py"
                  "/a/requirements/old/dev.txt" "/a/Pipfile.lock"))
    (should-not (registry-lsp-manifest-p path))))

(ert-deftest unit-a-script-is-known-by-its-metadata ()
  (test--open "tool.py" "# /// script\n# dependencies = []\n# ///\n")
  (should (registry-lsp-manifest-p))
  (test--open "plain.py" "print()\n")
  (should-not (registry-lsp-manifest-p)))

(ert-deftest unit-the-root-is-the-repository ()
  (let ((path (test--write "deep/er/package.json" "{}")))
    (should (equal (registry-lsp--root path) (file-name-directory path)))
    (make-directory (expand-file-name "deep/.git" test--folder))
    (should (equal (registry-lsp--root path)
                   (file-name-as-directory (expand-file-name "deep" test--folder))))))

(ert-deftest unit-a-project-is-trusted-by-its-folder ()
  (let ((inside (expand-file-name "work/a" test--folder))
        (beside (expand-file-name "workshop" test--folder)))
    (make-directory inside t)
    (make-directory beside t)
    (should-not (registry-lsp--trusts-p inside))
    (let ((registry-lsp-trusted t))
      (should (registry-lsp--trusts-p inside)))
    (let ((registry-lsp-trusted (list (expand-file-name "work" test--folder))))
      (should (registry-lsp--trusts-p inside))
      (should-not (registry-lsp--trusts-p beside)))))

(ert-deftest unit-the-project-s-program-is-run-where-that-is-trusted ()
  (let ((exec-path (list "node_modules/.bin" (expand-file-name "bin/" test--folder)))
        (default-directory (file-name-as-directory test--folder)))
    (dolist (name '("node_modules/.bin/registry-lsp" ".venv/bin/registry-lsp" "bin/registry-lsp"))
      (set-file-modes (test--write name "#!/bin/sh\n") #o755))
    (should (equal (registry-lsp--find test--folder)
                   (list (expand-file-name "bin/registry-lsp" test--folder))))
    (let ((registry-lsp-trusted t))
      (should (equal (registry-lsp--find test--folder)
                     (list (expand-file-name ".venv/bin/registry-lsp" test--folder))))
      (let ((registry-lsp-command '("no-such-program")))
        (should-not (registry-lsp--find test--folder))))
    (setq exec-path nil)
    (should-not (registry-lsp--find test--folder))))

(ert-deftest unit-the-server-hears-of-trust ()
  (let ((registry-lsp-settings '(:network (:timeoutSeconds 5))))
    (should (equal (registry-lsp--options "/a/") registry-lsp-settings))
    (let ((registry-lsp-trusted t))
      (should (equal (registry-lsp--options "/a/")
                     '(:network (:timeoutSeconds 5) :workspace (:trusted t))))
      (should (equal registry-lsp-settings '(:network (:timeoutSeconds 5))))
      (setq registry-lsp-settings '(:workspace (:trusted :json-false)))
      (should (equal (registry-lsp--options "/a/") registry-lsp-settings)))))

(ert-deftest unit-a-folder-cannot-call-itself-trusted ()
  (dolist (variable '(registry-lsp-command registry-lsp-settings registry-lsp-trusted))
    (should (risky-local-variable-p variable))))

(ert-deftest unit-without-a-server-one-is-told-what-to-do ()
  (let ((registry-lsp-command '("no-such-program")) said)
    (registry-lsp-global-mode)
    (cl-letf (((symbol-function 'message)
               (lambda (text &rest words) (push (apply #'format text words) said))))
      (test--open "package.json" "{}"))
    (should (seq-some (lambda (text) (string-match-p "not installed, or not on the PATH" text))
                      said))))

(defun test--symbol (text mode)
  "The part before point of the symbol that is completed where TEXT has a bar, in MODE."
  (with-temp-buffer
    (funcall mode)
    (insert text)
    (search-backward "|")
    (delete-char 1)
    (with-syntax-table (registry-lsp--name-syntax)
      (let ((bounds (bounds-of-thing-at-point 'symbol)))
        (and bounds (buffer-substring (car bounds) (point)))))))

(ert-deftest unit-versions-and-names-are-symbols ()
  (pcase-dolist (`(,text ,symbol) '(("\"react\": \"^18.2|\"" "18.2")
                                    ("uvicorn[std]>=0.30.|" "0.30.")
                                    ("scikit-le|" "scikit-le")
                                    ("\"@scope/to|\": \"1.0\"" "@scope/to")
                                    ("\"a\":\"workspace:|\"" "workspace:")
                                    ("\"a\": \"npm:@scope/to|\"" "@scope/to")
                                    ("\"a\": \"npm:@scope/tool@^1.|\"" "1.")
                                    ("\"a\": \"npm:tool@1.|\"" "1.")
                                    ("\"a\": \"|\"" nil)))
    (dolist (mode '(js-mode text-mode conf-unix-mode conf-toml-mode))
      (should (equal (test--symbol text mode) symbol)))))

(ert-deftest unit-a-package-is-asked-for-with-that-at-point ()
  (pcase-dolist (`(,text ,before ,name) '(("  \"@scope/tool\": \"1.0.0\"," "1.0" "@scope/tool")
                                          ("  \"@scope/tool\": \"1.0.0\"," "tool" "@scope/tool")
                                          ("a = [\"b\", \"scikit-learn>=1\"]" "learn" "scikit-learn")
                                          ("" "" nil)))
    (with-temp-buffer
      (insert text)
      (goto-char (point-min))
      (search-forward before)
      (should (equal (registry-lsp--name-at-point) name)))))

;;; With Eglot

(defun test--findings ()
  "The lines and codes of what is found in this buffer."
  (sort (mapcar (lambda (found)
                  (format "%d %s" (line-number-at-pos (flymake-diagnostic-beg found))
                          (replace-regexp-in-string "\\`.*registry-lsp[^:]*: \\| (.*" ""
                                                    (flymake-diagnostic-text found))))
                (flymake-diagnostics))
        #'string<))

(defun test--wait-findings (count)
  "The findings of this buffer, once there are COUNT of them."
  (test--wait (format "%d findings in %S" count (buffer-name))
              (lambda ()
                (eglot--signal-textDocument/didChange) ; what an idle moment does, without batch
                (= count (length (flymake-diagnostics)))))
  (test--findings))

(defun test--eglot (name text)
  "Open the file NAME with TEXT in it, and wait for Eglot and its server."
  (require 'eglot)
  (setq eglot-sync-connect t
        eglot-confirm-server-initiated-edits nil)
  (test--open name text)
  (test--wait "Eglot" (lambda () eglot--managed-mode))
  (flymake-mode 1)
  (flymake-start))

(ert-deftest eglot-a-finding-is-shown-explained-and-mended ()
  (test--use-server)
  (test--eglot "package.json" test--package)
  (should (equal (test--wait-findings 2)
                 '("3 react 18.2.0 is available" "4 @scope/tool 1.0.1 is available")))
  (test--put "react")
  (let (hover)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq hover text)))
    (test--wait "the hover" (lambda () hover))
    (should (string-match-p "18\\.2\\.0" hover)))
  (test--put "1.0.0")
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt offered &rest _)
               (seq-some (lambda (each)
                           (and (string-prefix-p "Update @scope/tool to 1.0.1" (car each))
                                (car each)))
                         offered))))
    (let ((last-nonmenu-event t)) ; no mouse
      (eglot-code-actions (point) nil nil t)))
  (should (equal (test--wait-findings 1) '("3 react 18.2.0 is available")))
  (should (equal (buffer-string)
                 (string-replace "\"1.0.0\"" "\"1.0.1\"" test--package))))

(ert-deftest eglot-a-version-is-completed ()
  (test--use-server)
  (test--eglot "package.json" test--package)
  (test--wait-findings 2)
  (test--put "17.0.1")
  (delete-char (length "17.0.1"))
  (pcase-let* ((`(,start ,end ,table . ,more) (eglot-completion-at-point))
               (offered (all-completions "" table)))
    (let ((chosen (seq-find (lambda (each) (equal each "^18.2.0")) offered)))
      (should chosen)
      (delete-region start end)
      (insert chosen)
      (funcall (plist-get more :exit-function) chosen 'finished)))
  (should (equal (test--wait-findings 1) '("4 @scope/tool 1.0.1 is available")))
  (should (equal (buffer-string) (string-replace "17.0.1" "^18.2.0" test--package))))

(ert-deftest eglot-of-a-version-what-is-missing-is-completed ()
  (test--use-server)
  (test--eglot "package.json" test--package)
  (test--wait-findings 2)
  (test--put "17.0.1")
  (delete-char (length "17.0.1"))
  (insert "17.")
  (completion-at-point)
  (should (equal (buffer-string) (string-replace "17.0.1" "17.0." test--package)))
  (insert "2")
  (completion-at-point)
  (should (equal (buffer-string) (string-replace "17.0.1" "17.0.2" test--package))))

(ert-deftest eglot-one-server-is-for-all-manifests-and-for-no-other-file ()
  (test--use-server)
  (make-directory (expand-file-name ".git" test--folder))
  (test--eglot "web/package.json" test--package)
  (test--wait-findings 2)
  (let ((server (eglot-current-server)))
    (test--eglot "api/requirements.txt" "requests==2.32.0\n")
    (test--wait-findings 2)
    (should (eq server (eglot-current-server)))
    (test--open "web/index.js" "let a;\n")
    (should-not eglot--managed-mode)
    (should-not (eglot-current-server))
    (test--open "web/other.json" "{}\n")
    (should-not eglot--managed-mode)))

(ert-deftest eglot-another-server-of-the-same-mode-keeps-its-files ()
  (test--use-server)
  (require 'eglot)
  (make-directory (expand-file-name ".git" test--folder))
  (setq eglot-sync-connect t
        eglot-server-programs (list (cons '(js-mode js-json-mode) registry-lsp-command)))
  (test--open "index.js" "let a;\n")
  (apply #'eglot (eglot--guess-contact))
  (let ((other (eglot-current-server)))
    (should (eq (eieio-object-class other) 'eglot-lsp-server))
    (test--eglot "package.json" test--package)
    (should (memq major-mode '(js-mode js-json-mode))) ; the latter since Emacs 29
    (should (eq (eieio-object-class (eglot-current-server)) 'registry-lsp-eglot-server))
    (test--wait-findings 2)
    (test--open "more.js" "let b;\n")
    (should (eq (eglot-current-server) other))))

(ert-deftest eglot-manifests-without-a-mode-have-one ()
  (test--use-server)
  (make-directory (expand-file-name ".git" test--folder))
  (test--eglot "base.in" "idna==3.6\n")
  (should (eq major-mode 'conf-unix-mode))
  (test--wait-findings 1)
  (let ((server (eglot-current-server)))
    (test--eglot "Pipfile" "[packages]\nidna = \"==3.6\"\n")
    (test--wait-findings 1)
    (should (eq server (eglot-current-server))))
  (test--open "plain" "nothing\n")
  (should (eq major-mode 'fundamental-mode)))

(ert-deftest eglot-a-project-cannot-call-itself-trusted ()
  (test--use-server)
  (test--write ".dir-locals.el"
               "((nil . ((eglot-workspace-configuration
                          . (:registry-lsp (:workspace (:trusted t)
                                            :ignore [\"react\"]))))))")
  (let ((enable-local-variables :all))
    (test--eglot "package.json" test--package)
    (should eglot-workspace-configuration)
    (should (= (length (test--wait-findings 2)) 2))))

(ert-deftest eglot-commands ()
  (test--use-server)
  (test--eglot "package.json" test--package)
  (test--wait-findings 2)
  (let ((page (lambda ()
                (and (get-buffer "*registry-lsp*")
                     (with-current-buffer "*registry-lsp*" (buffer-string))))))
    (registry-lsp-status)
    (test--wait "the status" (lambda () (string-match-p "2 packages" (or (funcall page) ""))))
    (registry-lsp-package "pypi" "requests")
    (test--wait "the page" (lambda () (string-match-p "HTTP for Humans" (funcall page)))))
  (let (shown)
    (cl-letf (((symbol-function 'browse-url) (lambda (url &rest _) (setq shown url))))
      (registry-lsp-open-page "npm" "react")
      (test--wait "the browser" (lambda () shown))
      (should (equal shown "https://react.example/"))))
  (registry-lsp-update-all "all")
  (test--wait-findings 0)
  (should (equal (buffer-string)
                 (string-replace "1.0.0" "1.0.1"
                                 (string-replace "17.0.1" "18.2.0" test--package)))))

;;; With lsp-mode

(defun test--lsp-findings ()
  "The codes of what lsp-mode shows in this buffer."
  (sort (mapcar (lambda (each) (gethash "code" each))
                (gethash (file-truename buffer-file-name) (lsp-diagnostics t)))
        #'string<))

(ert-deftest lsp-mode-a-finding-is-shown-and-all-are-updated ()
  (skip-unless (require 'lsp-mode nil t))
  (test--use-server)
  (setq registry-lsp-client 'lsp-mode
        lsp-auto-guess-root t
        lsp-enable-snippet nil
        lsp-headerline-breadcrumb-enable nil
        lsp-modeline-code-actions-enable nil
        lsp-modeline-diagnostics-enable nil
        lsp-modeline-workspace-status-enable nil
        lsp-session-file (expand-file-name "session" test--folder)
        lsp-server-install-dir (expand-file-name "servers" test--folder))
  (make-directory (expand-file-name ".git" test--folder))
  (switch-to-buffer (find-file-noselect (test--write "package.json" test--package)))
  (run-hooks 'post-command-hook)
  (lsp)
  (test--wait "two findings" (lambda () (= 2 (length (test--lsp-findings)))))
  (should (equal (test--lsp-findings) '("outdated-major" "outdated-patch")))
  (test--put "react")
  (should (string-match-p "18\\.2\\.0" (format "%S" (lsp-request
                                                  "textDocument/hover"
                                                  (lsp--text-document-position-params)))))
  (registry-lsp-update-all "safe")
  (test--wait "one finding" (lambda () (= 1 (length (test--lsp-findings)))))
  (should (equal (buffer-string)
                 (string-replace "1.0.0" "1.0.1"
                                 (string-replace "17.0.1" "17.0.2" test--package)))))

(provide 'registry-lsp-test)
;;; registry-lsp-test.el ends here
