;;; registry-lsp.el --- What registries know of the packages in manifests  -*- lexical-binding: t; -*-

;; Author: The registry-lsp developers
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Starts the language server registry-lsp for package.json, pyproject.toml,
;; requirements.txt and their relatives, with Eglot or lsp-mode:
;;
;;     (require 'registry-lsp)
;;     (registry-lsp-global-mode)
;;
;; Eglot has one server for a buffer.  In a manifest that is registry-lsp, and
;; in all other files of the project the server that it would have been anyway.
;; With lsp-mode it runs beside others.

;;; Code:

(require 'project)
(require 'seq)
(require 'subr-x)

(defvar eglot-lsp-context)
(defvar eglot-server-programs)
(defvar lsp--cur-workspace)
(declare-function eglot-current-server "ext:eglot")
(declare-function eglot-ensure "ext:eglot")
(declare-function eglot--path-to-uri "ext:eglot")
(declare-function eglot-path-to-uri "ext:eglot")
(declare-function gfm-view-mode "ext:markdown-mode")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function lsp--buffer-uri "ext:lsp-mode")
(declare-function lsp-deferred "ext:lsp-mode")
(declare-function lsp-find-workspace "ext:lsp-mode")
(declare-function lsp-register-client "ext:lsp-mode")
(declare-function lsp-request-async "ext:lsp-mode")
(declare-function lsp-stdio-connection "ext:lsp-mode")
(declare-function make-lsp-client "ext:lsp-mode")
(declare-function registry-lsp-eglot-contact "registry-lsp-eglot")
(declare-function registry-lsp-eglot-shows-pages-p "registry-lsp-eglot")

(defgroup registry-lsp nil
  "What registries know of the packages in manifests."
  :group 'tools
  :prefix "registry-lsp-")

(defcustom registry-lsp-command '("registry-lsp")
  "The server's program and its arguments."
  :type '(repeat string))

(defcustom registry-lsp-client 'eglot
  "Which client `registry-lsp-global-mode' starts the server with."
  :type '(choice (const eglot) (const lsp-mode)))

(defcustom registry-lsp-settings nil
  "The server's settings as a plist, nested at their dots.
For example: (:network (:timeoutSeconds 5)).  False is `:json-false'."
  :type 'plist)

(defcustom registry-lsp-trusted nil
  "Whose projects may name programs and use your credentials.
It is t for all of them, or a list of folders, in which all projects are meant.
In such a project the server is run out of its virtual environment, where that
has one, and hears that the workspace is trusted.  In no other project is
anything run that lies in it."
  :type '(choice (const :tag "None" nil)
                 (const :tag "All" t)
                 (repeat :tag "In these folders" directory))
  :risky t)

(put 'registry-lsp-command 'risky-local-variable t)
(put 'registry-lsp-settings 'risky-local-variable t)

;;; Manifests

(defconst registry-lsp--manifests
  '(
    ;; generated: scripts/editors.py --write
    "/package\\.json\\'"
    "/pnpm-workspace\\.yaml\\'"
    "/\\.yarnrc\\.yml\\'"
    "/requirements[^/]*\\.txt\\'"
    "/[^/]*requirements\\.txt\\'"
    "/requirements/[^/]*\\.txt\\'"
    "/requirements[^/]*\\.in\\'"
    "/[^/]*requirements\\.in\\'"
    "/requirements/[^/]*\\.in\\'"
    "/constraints[^/]*\\.txt\\'"
    "/[^/]*constraints\\.txt\\'"
    "/constraints[^/]*\\.in\\'"
    "/[^/]*\\.in\\'"
    "/pyproject\\.toml\\'"
    "/Pipfile\\'"
    "/hatch\\.toml\\'"
    "/[^/]*\\.py\\'"
    ;; end
    )
  "What the ends of the paths of manifests look like.")

(defconst registry-lsp--root-markers
  '(".git" ".hg" ".jj")
  "What lies in the folder of a repository.")

(defun registry-lsp-manifest-p (&optional file)
  "Whether FILE, or the file of this buffer, is a manifest.
Of a script the name does not tell, and the buffer has to hold inline metadata."
  (when-let ((path (or file buffer-file-name)))
    (and (seq-some (lambda (regexp) (string-match-p regexp path)) registry-lsp--manifests)
         (or (not (string-suffix-p ".py" path))
             (registry-lsp--metadata-p path)))))

(defun registry-lsp--metadata-p (path)
  "Whether the buffer of PATH begins a block of inline metadata somewhere."
  (when-let ((buffer (find-buffer-visiting path)))
    (with-current-buffer buffer
      (save-excursion
        (save-restriction
          (widen)
          (goto-char (point-min))
          (re-search-forward "^# /// script" nil t))))))

(defun registry-lsp--root (path)
  "The folder of the repository around PATH, else its own folder."
  (file-name-as-directory
   (expand-file-name
    (or (locate-dominating-file
         path
         (lambda (folder)
           (seq-some (lambda (name) (file-exists-p (expand-file-name name folder)))
                     registry-lsp--root-markers)))
        (file-name-directory path)))))

;;; The server

(defun registry-lsp--trusts-p (root)
  "Whether the user trusts the project in ROOT."
  (if (listp registry-lsp-trusted)
      (seq-some (lambda (folder) (file-in-directory-p root folder)) registry-lsp-trusted)
    (eq registry-lsp-trusted t)))

(defun registry-lsp--in-project (root)
  "The server's program in the virtual environment of the project in ROOT."
  (seq-some (lambda (name)
              (let ((program (expand-file-name name root)))
                (and (file-executable-p program) program)))
            (if (eq system-type 'windows-nt)
                '(".venv/Scripts/registry-lsp.exe" "venv/Scripts/registry-lsp.exe")
              '(".venv/bin/registry-lsp" "venv/bin/registry-lsp"))))

(defun registry-lsp--find (root)
  "Find the command of the server for the project in ROOT, or nil.
Folders of the path that are relative are passed over: they are the project's."
  (if (file-remote-p root)
      registry-lsp-command
    (let* ((exec-path (seq-filter #'file-name-absolute-p exec-path))
           (is-set (not (equal registry-lsp-command '("registry-lsp"))))
           (program (or (and (not is-set)
                             (registry-lsp--trusts-p root)
                             (registry-lsp--in-project root))
                        (executable-find (car registry-lsp-command)))))
      (and program (cons program (cdr registry-lsp-command))))))

(defun registry-lsp--options (root)
  "The settings for the project in ROOT, as a plist."
  (let* ((settings (copy-sequence registry-lsp-settings))
         (workspace (plist-get settings :workspace)))
    (if (or (plist-member workspace :trusted)
            (not (registry-lsp--trusts-p root)))
        settings
      (plist-put settings :workspace (append '(:trusted t) workspace)))))

;;; Starting it

;;;###autoload
(define-minor-mode registry-lsp-global-mode
  "Start the language server registry-lsp in every manifest that is opened."
  :global t
  ;; Before Eglot looks, which takes a buffer for the server of its mode.
  (if registry-lsp-global-mode
      (progn
        (add-hook 'after-change-major-mode-hook #'registry-lsp--maybe-start -90)
        (add-hook 'find-file-hook #'registry-lsp--leave-fundamental -90))
    (remove-hook 'after-change-major-mode-hook #'registry-lsp--maybe-start)
    (remove-hook 'find-file-hook #'registry-lsp--leave-fundamental)))

(defun registry-lsp--maybe-start ()
  "Start the server if this buffer is a manifest.
Python scripts are left to their own server where there can be only one."
  (when (and (registry-lsp-manifest-p)
             (not (eq major-mode 'fundamental-mode))
             (or (eq registry-lsp-client 'lsp-mode)
                 (not (string-suffix-p ".py" buffer-file-name))))
    (registry-lsp-start)))

(defun registry-lsp--leave-fundamental ()
  "Give a manifest that has no mode of its own one, for clients look after modes.
That starts the server."
  (when (and (eq major-mode 'fundamental-mode)
             (registry-lsp-manifest-p))
    (conf-unix-mode)))

;;;###autoload
(defun registry-lsp-start ()
  "Have the server look after this buffer."
  (interactive)
  (unless buffer-file-name
    (user-error "This buffer has no file"))
  (cond ((not (registry-lsp--find (registry-lsp--root buffer-file-name)))
         (message "registry-lsp is not installed, or not on the PATH.  \
Install it as its README says, or set `registry-lsp-command'."))
        ((eq registry-lsp-client 'lsp-mode)
         (require 'lsp-mode)
         (lsp-deferred))
        (t
         (require 'eglot)
         (require 'registry-lsp-eglot)
         (registry-lsp--prepare-eglot)
         (eglot-ensure))))

(defun registry-lsp--prepare-eglot ()
  "Have Eglot take our server for this buffer, and for no other of its mode."
  (add-hook 'project-find-functions #'registry-lsp--project -90 t)
  (setq-local eglot-server-programs
              (list (cons (registry-lsp--modes) #'registry-lsp-eglot-contact))))

(defun registry-lsp--modes ()
  "The modes that manifests are open in: one server is for all of them."
  (seq-uniq
   (cons major-mode
         (seq-filter #'fboundp
                     ;; The general ones last: of the first that a mode derives from Eglot
                     ;; has the name of its language.
                     '(conf-toml-mode js-json-mode js-mode json-mode json-ts-mode
                       pip-requirements-mode python-mode python-ts-mode toml-mode toml-ts-mode
                       yaml-mode yaml-ts-mode conf-unix-mode text-mode)))))

(defun registry-lsp--project (_folder)
  "The project of this manifest, of its own kind, where Eglot asks for one."
  (and (bound-and-true-p eglot-lsp-context)
       buffer-file-name
       (cons 'registry-lsp (registry-lsp--root buffer-file-name))))

(cl-defmethod project-root ((project (head registry-lsp)))
  "The folder of PROJECT."
  (cdr project))

(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection
                     (lambda ()
                       (or (registry-lsp--find (registry-lsp--root default-directory))
                           registry-lsp-command)))
    :activation-fn (lambda (file _mode) (registry-lsp-manifest-p file))
    :language-id (lambda (_buffer) "manifest")
    :initialization-options (lambda ()
                              (registry-lsp--options (registry-lsp--root default-directory)))
    :add-on? t
    :priority -1
    :server-id 'registry-lsp)))

;;; Commands

(defun registry-lsp--execute (command argument done)
  "Have the server do COMMAND with ARGUMENT, and call DONE with its answer."
  (let ((params (list :command (concat "registry-lsp." command)
                      :arguments (if argument (vector argument) [])))
        (finish (lambda (answer)
                  (let ((trouble (registry-lsp--get answer :error)))
                    (cond ((not trouble) (funcall done answer))
                          ;; The server itself may have shown it.
                          ((not (eq t (registry-lsp--get trouble :shown)))
                           (message "registry-lsp: %s" (registry-lsp--get trouble :message)))))))
        (fail (lambda (trouble)
                (message "registry-lsp: %s" (registry-lsp--get trouble :message)))))
    (cond ((bound-and-true-p eglot--managed-mode)
           (jsonrpc-async-request (eglot-current-server) :workspace/executeCommand params
                                  :success-fn finish :error-fn fail :timeout 60))
          ((bound-and-true-p lsp-mode)
           (let ((lsp--cur-workspace (lsp-find-workspace 'registry-lsp buffer-file-name)))
             (lsp-request-async "workspace/executeCommand" params finish
                                :error-handler fail :mode 'detached)))
          (t (user-error "No server looks after this buffer: M-x registry-lsp-start")))))

(defun registry-lsp--get (answer key)
  "What ANSWER, a plist or a hash table, has under KEY."
  (if (hash-table-p answer)
      (gethash (substring (symbol-name key) 1) answer)
    (plist-get answer key)))

(defun registry-lsp--uri ()
  "The URI of this buffer's file, as its client writes it."
  (cond ((not (bound-and-true-p eglot--managed-mode)) (lsp--buffer-uri))
        ((fboundp 'eglot-path-to-uri) (eglot-path-to-uri buffer-file-name))
        (t (eglot--path-to-uri buffer-file-name))))

(defun registry-lsp-refresh ()
  "Ask the registries anew for this manifest."
  (interactive)
  (registry-lsp--execute "refresh" (list :uri (registry-lsp--uri))
                         (lambda (_) (message "registry-lsp: Asking the registries anew."))))

(defun registry-lsp-clear-cache ()
  "Forget all that was learned, on disk too."
  (interactive)
  (registry-lsp--execute "clearCache" nil #'ignore))

(defun registry-lsp-update-all (tier)
  "Update all in this manifest: those of TIER."
  (interactive (list (completing-read "Which updates? " '("safe" "all" "secure") nil t)))
  ;; Where there is nothing to do the server says so.
  (registry-lsp--execute "updateAll" (list :uri (registry-lsp--uri) :tier tier) #'ignore))

(defun registry-lsp-status ()
  "Show which registries are asked, and what went wrong there."
  (interactive)
  (registry-lsp--execute "status" nil
                         (lambda (answer) (registry-lsp--show (registry-lsp--get answer :text)))))

(defun registry-lsp-package (registry name)
  "Show what REGISTRY knows of the package NAME."
  (interactive (registry-lsp--read-package))
  (registry-lsp--execute "package" (list :registry registry :name name)
                         (lambda (answer) (registry-lsp--show (registry-lsp--page answer)))))

(defun registry-lsp-open-page (registry name)
  "Open the page that REGISTRY has for the package NAME in the browser."
  (interactive (registry-lsp--read-package))
  ;; The server has it shown, or says where it is.  An older Eglot shows nothing.
  (let ((is-left-to-us (and (bound-and-true-p eglot--managed-mode)
                            (not (registry-lsp-eglot-shows-pages-p)))))
    (registry-lsp--execute
     "openPage" (list :registry registry :name name)
     (lambda (answer)
       (let ((url (registry-lsp--get answer :url)))
         (when (and is-left-to-us (stringp url))
           (browse-url url)))))))

(defun registry-lsp--read-package ()
  "Ask for a registry and the name of a package, with those at point as defaults."
  (let ((registry (if (string-match-p "\\(?:\\.json\\|\\.ya?ml\\)\\'" (or buffer-file-name ""))
                      "npm"
                    "pypi"))
        (name (registry-lsp--name-at-point)))
    (list (completing-read (format-prompt "Registry" registry) '("npm" "pypi") nil t nil nil
                           registry)
          (read-string (format-prompt "Package" name) nil nil name))))

(defun registry-lsp--name-at-point ()
  "What is at point and may be a name, else what the line begins with."
  (with-syntax-table (registry-lsp--name-syntax)
    (let ((at-point (thing-at-point 'symbol t)))
      (if (and at-point (string-match-p "\\`[[:alpha:]@]" at-point))
          at-point
        (save-excursion
          (beginning-of-line)
          (and (re-search-forward "[[:alpha:]@]" (line-end-position) t)
               (thing-at-point 'symbol t)))))))

(defun registry-lsp--name-syntax ()
  "This buffer's syntax, but that versions and names at point are symbols.
So is a protocol with them, such as workspace:, but for npm:, behind which a
name stands, and perhaps a version behind that."
  (let ((table (make-syntax-table (syntax-table)))
        (constituents
         (cond ((not (looking-back "\\_<npm:[^\"' \n]*" (line-beginning-position))) "@/:._+!*-")
               ((looking-back "[^:]@[^\"' \n]*" (line-beginning-position)) "._+!*-")
               (t "@/._+!*-"))))
    (dolist (each (string-to-list "@/:._+!*-=<>~^&|,;'\"$%#`"))
      (modify-syntax-entry each "." table))
    (dolist (each (string-to-list constituents))
      (modify-syntax-entry each "_" table))
    table))

(defun registry-lsp--page (record)
  "The text about a package, from the RECORD that the server has answered."
  (let ((lines (list (format "# %s (%s)\n" (registry-lsp--get record :name)
                             (registry-lsp--get record :registry)))))
    (dolist (key '(:description :version :published_at :deprecated :yanked_reason :status
                   :license :page :homepage :repository :documentation :changelog :issues))
      (let ((value (registry-lsp--get record key)))
        (when (and (eq key :published_at) (stringp value))
          (setq value (car (split-string value "T")))) ; the day
        (when (and (stringp value) (not (string-empty-p value)))
          (push (format "- %s: %s" (string-replace "_" " " (substring (symbol-name key) 1)) value)
                lines))))
    (string-join (nreverse lines) "\n")))

(defun registry-lsp--show (text)
  "Show TEXT, which is Markdown, in a buffer of its own."
  (with-current-buffer (get-buffer-create "*registry-lsp*")
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert text)
      (goto-char (point-min)))
    (if (fboundp 'gfm-view-mode) ; of markdown-mode
        (gfm-view-mode)
      (special-mode))
    (display-buffer (current-buffer))))

(provide 'registry-lsp)
;;; registry-lsp.el ends here
