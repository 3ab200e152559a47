"""The names of packages that nearly everybody knows, roughly the best known first.

They say which of the names that an index has are likely to be meant, and nothing else: none of
them is offered, or asked for, because it stands here.
"""

from __future__ import annotations

_TEXT = """
requests numpy pandas pytest django flask fastapi pydantic sqlalchemy scipy matplotlib boto3
setuptools pip wheel urllib3 pyyaml click jinja2 httpx aiohttp rich typer celery redis pillow
scikit-learn torch tensorflow transformers openai black ruff mypy uvicorn gunicorn tqdm attrs
cryptography python-dateutil six certifi idna packaging typing-extensions beautifulsoup4 lxml
selenium scrapy psycopg2-binary psycopg2 psycopg pymongo pymysql alembic marshmallow
djangorestframework jupyter notebook jupyterlab ipython ipykernel seaborn plotly streamlit gradio
dash bokeh polars pyarrow numba cython xgboost lightgbm catboost keras torchvision torchaudio
langchain langchain-core langchain-community langchain-openai anthropic tiktoken huggingface-hub
datasets tokenizers accelerate sentence-transformers diffusers spacy nltk gensim opencv-python
opencv-python-headless scikit-image statsmodels sympy networkx botocore s3transfer awscli
google-api-python-client google-auth google-cloud-storage google-cloud-bigquery azure-identity
azure-storage-blob azure-core msal grpcio grpcio-tools protobuf googleapis-common-protos
tox nox coverage pytest-cov pytest-mock pytest-asyncio pytest-xdist pytest-django pytest-timeout
pytest-benchmark pytest-randomly pytest-sugar pytest-html pytest-httpx pytest-env hypothesis faker
factory-boy freezegun responses respx vcrpy mock moto locust playwright pytest-playwright behave
flake8 isort pylint bandit pre-commit autopep8 yapf pycodestyle pyflakes pyright basedpyright
pydocstyle autoflake pyupgrade vulture radon safety pip-audit codespell djlint
poetry poetry-core pdm hatch hatchling hatch-vcs uv pipenv pip-tools virtualenv build twine flit
flit-core setuptools-scm setuptools-rust maturin meson-python scikit-build scikit-build-core
pybind11 nanobind cffi pycparser cibuildwheel pyinstaller nuitka cx-freeze briefcase bump2version
bumpversion bump-my-version commitizen towncrier invoke fabric ansible ansible-core ansible-lint
sphinx sphinx-rtd-theme sphinx-autobuild sphinx-copybutton sphinx-design furo myst-parser mkdocs
mkdocs-material mkdocstrings mkdocs-gen-files pdoc docutils numpydoc markdown markdown-it-py
mistune pygments mdformat
werkzeug itsdangerous markupsafe blinker starlette flask-sqlalchemy flask-login flask-wtf
flask-cors flask-migrate flask-restful flask-jwt-extended flask-admin flask-caching flask-limiter
flask-mail flask-socketio wtforms bottle tornado sanic falcon pyramid cherrypy quart litestar
robyn hypercorn daphne waitress uwsgi uvloop httptools websockets websocket-client
python-socketio wsproto h11 h2 httpcore anyio trio sniffio gevent eventlet greenlet twisted
aiofiles aiosqlite aiodns aiobotocore aioboto3 aioredis aiokafka asyncpg asyncssh aiomysql
multidict yarl frozenlist aiosignal async-timeout async-lru
django-cors-headers django-filter django-debug-toolbar django-environ django-extensions
django-allauth django-storages django-redis django-celery-beat django-celery-results
django-crispy-forms django-import-export django-stubs django-ninja django-guardian
django-simple-history django-model-utils django-mptt django-oauth-toolkit django-silk
django-htmx django-compressor django-phonenumber-field django-countries django-taggit
django-tables2 django-widget-tweaks django-money django-axes django-otp django-channels channels
channels-redis drf-spectacular drf-yasg djangorestframework-simplejwt dj-database-url dj-rest-auth
whitenoise wagtail asgiref sqlparse graphene graphene-django strawberry-graphql ariadne
sqlmodel peewee tortoise-orm pony mongoengine motor beanie odmantic databases sqlalchemy-utils
psycopg-binary psycopg-pool mysqlclient mysql-connector-python pyodbc cx-oracle oracledb
snowflake-connector-python snowflake-sqlalchemy clickhouse-connect clickhouse-driver duckdb
elasticsearch elasticsearch-dsl opensearch-py cassandra-driver neo4j influxdb-client
redis-om hiredis pymemcache diskcache cachetools dogpile-cache kombu amqp billiard vine flower
rq dramatiq huey arq apscheduler schedule pika confluent-kafka kafka-python faust nats-py pyzmq
prefect dagster apache-airflow luigi dbt-core dbt-postgres dbt-snowflake dbt-bigquery
great-expectations mlflow wandb tensorboard optuna ray dask distributed pyspark
delta-lake deltalake fsspec s3fs gcsfs adlfs zarr xarray netcdf4 h5py tables fastparquet openpyxl
xlsxwriter xlrd xlwt pyxlsb python-docx python-pptx pypdf pypdf2 pdfplumber pymupdf reportlab
pdfminer-six weasyprint fpdf2 qrcode pytesseract easyocr
geopandas shapely pyproj fiona rasterio folium geopy cartopy gdal
altair pygal pyvista vtk mayavi kaleido graphviz pydot pygraphviz wordcloud
jupyter-client jupyter-core jupyter-server jupyterhub nbconvert nbformat nbclient ipywidgets
nbstripout papermill voila jupytext traitlets
onnx onnxruntime onnxruntime-gpu timm ultralytics pytorch-lightning lightning torchmetrics
torchtext jax jaxlib flax optax einops peft trl bitsandbytes safetensors sentencepiece
vllm llama-index llama-cpp-python ollama litellm cohere google-generativeai google-genai
groq mistralai chromadb faiss-cpu pinecone-client qdrant-client weaviate-client pgvector
langgraph langsmith langchain-text-splitters langchain-anthropic instructor guidance dspy crewai
openai-whisper mcp fastmcp pydantic-ai pydantic-core pydantic-settings pydantic-extra-types
email-validator annotated-types msgspec orjson ujson simplejson python-rapidjson
jsonschema jsonpath-ng jmespath cattrs dataclasses-json dacite typeguard beartype
toml tomli tomli-w tomlkit ruamel-yaml configparser python-dotenv environs dynaconf
python-decouple hydra-core omegaconf configargparse
argcomplete docopt fire colorama termcolor tabulate prettytable texttable textual prompt-toolkit
questionary inquirer blessed pyfiglet alive-progress progressbar2 halo click-plugins cloup
loguru structlog python-json-logger coloredlogs sentry-sdk rollbar newrelic ddtrace datadog
opentelemetry-api opentelemetry-sdk opentelemetry-exporter-otlp opentelemetry-instrumentation
prometheus-client statsd psutil py-spy memory-profiler line-profiler scalene viztracer objgraph
pyjwt python-jose passlib bcrypt argon2-cffi authlib oauthlib requests-oauthlib itsdangerous
pycryptodome pycryptodomex pynacl paramiko pyopenssl pyasn1 pyasn1-modules rsa ecdsa keyring
python-multipart requests-toolbelt requests-mock requests-cache requests-html httpie
charset-normalizer chardet pysocks tenacity backoff retrying retry ratelimit furl
feedparser newspaper3k html5lib bleach cssselect parsel pyquery mechanicalsoup soupsieve
webdriver-manager undetected-chromedriver pyppeteer splinter
arrow pendulum pytz tzdata tzlocal dateparser python-slugify humanize babel inflect unidecode
phonenumbers pycountry holidays croniter isodate ciso8601
regex rapidfuzz fuzzywuzzy thefuzz levenshtein python-levenshtein textdistance jellyfish
ftfy emoji lark pyparsing ply parso jedi antlr4-python3-runtime tree-sitter
more-itertools toolz cytoolz boltons sortedcontainers bidict immutables frozendict wrapt
decorator deprecated typing-inspect zope-interface importlib-metadata importlib-resources
pluggy iniconfig exceptiongroup zipp filelock platformdirs appdirs watchdog watchfiles pexpect
ptyprocess sh plumbum pywin32 pyserial pyusb python-magic pathspec send2trash
joblib cloudpickle dill multiprocess loky threadpoolctl psygnal numexpr bottleneck llvmlite
pandas-stubs pandera pandas-ta pandasql modin swifter vaex ibis-framework patsy
imbalanced-learn shap lime hdbscan umap-learn prophet pmdarima sktime tsfresh tslearn
gym gymnasium stable-baselines3 pygame pyglet arcade kivy pyqt5 pyqt6 pyside6 pyside2 wxpython
customtkinter pyautogui pynput pyperclip mss imageio imageio-ffmpeg moviepy ffmpeg-python pydub
librosa soundfile sounddevice pyaudio speechrecognition gtts pyttsx3 yt-dlp mutagen
python-telegram-bot aiogram telethon pyrogram discord-py slack-sdk slack-bolt tweepy praw
twilio sendgrid stripe pygithub python-gitlab gitpython dulwich jira atlassian-python-api
docker kubernetes hvac python-consul boto aws-cdk-lib aws-lambda-powertools mangum zappa
chalice pulumi ec2-metadata cloudformation-cli cfn-lint sagemaker
google-cloud-pubsub google-cloud-secret-manager google-cloud-aiplatform google-cloud-logging
google-cloud-core google-api-core google-auth-oauthlib gspread firebase-admin
azure-keyvault-secrets azure-functions azure-mgmt-resource azure-cosmos azure-servicebus
types-requests types-pyyaml types-python-dateutil types-setuptools types-redis types-toml
types-six types-pytz types-docutils boto3-stubs mypy-extensions sqlalchemy-stubs
biopython rdkit astropy ase pymatgen qiskit cirq pennylane pyscf openmm mdanalysis
yfinance ccxt ta-lib backtrader web3 eth-account
pygls lsprotocol pynvim debugpy python-lsp-server jedi-language-server
shtab platformdirs nest-asyncio ipdb pdbpp icecream better-exceptions snakeviz
"""

WELL_KNOWN: tuple[str, ...] = tuple(dict.fromkeys(_TEXT.split()))
"""Normalised, each once."""
