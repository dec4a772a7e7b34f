speech.pkgs := libcurl libcrypto pocketsphinx sphinxbase speexdsp jansson
speech.libs := -lflite_cmu_us_awb -lflite_cmu_us_kal16 -lflite_cmu_us_rms \
	-lflite_cmu_us_slt -lflite_usenglish -lflite_cmulex -lflite
speech.loop := epoll
